using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>A request that was answered or, if it is a watch, received.</summary>
/// <param name="Request">Its attributes.</param>
/// <param name="User">The name of the user.</param>
/// <param name="UserAgent">The <c>User-Agent</c> header.</param>
/// <param name="Code">The HTTP status code; 0 for a watch.</param>
/// <param name="Time">The time of receipt.</param>
internal sealed record RequestRecord(RequestAttributes Request, string User, string UserAgent, int Code, DateTimeOffset Time)
{
    /// <summary>Whether it is a watch that begins with the objects that exist.</summary>
    public bool SendsInitialEvents { get; init; }
}
