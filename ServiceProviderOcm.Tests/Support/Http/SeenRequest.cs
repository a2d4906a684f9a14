namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>What the test server was asked.</summary>
internal sealed record SeenRequest(string Line, IReadOnlyDictionary<string, string> Headers, string? ClientSubject, string? AskedName)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}
