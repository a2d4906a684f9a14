using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>One request that the server has answered, or for a watch, received.</summary>
/// <param name="Request">What it was about.</param>
/// <param name="User">Who sent it.</param>
/// <param name="UserAgent">What the client calls itself.</param>
/// <param name="Code">The HTTP status code; 0 for a watch.</param>
/// <param name="Time">When it came.</param>
internal sealed record RequestRecord(RequestAttributes Request, string User, string UserAgent, int Code, DateTimeOffset Time);
