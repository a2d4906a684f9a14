namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>A request that the test server received.</summary>
internal sealed record SeenRequest(string Line, IReadOnlyDictionary<string, string> Headers, string? ClientSubject, string? AskedName)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}
