using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>An endpoint that cannot be offered; the message says why and what to do.</summary>
/// <param name="message">Cause and cure.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class EndpointException(string message, int exitCode) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode => exitCode;
}
