namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>A request that the test server received.</summary>
internal sealed record SeenRequest(string Line, IReadOnlyDictionary<string, string> Headers, string? ClientSubject, string? AskedName)
{
    /// <summary>The subjects of the certificates that came behind the client's.</summary>
    public string ClientChain { get; init; } = "";

    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}
