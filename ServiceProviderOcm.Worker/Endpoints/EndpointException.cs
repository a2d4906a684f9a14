using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>An endpoint cannot be served. The message has the reason and the fix.</summary>
/// <param name="message">The cause and the fix.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class EndpointException(string message, int exitCode) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode => exitCode;
}
