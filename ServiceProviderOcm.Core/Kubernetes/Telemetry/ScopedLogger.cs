using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Adds the same scope to every line, for background work that does not inherit it from a caller.</summary>
internal sealed class ScopedLogger(ILogger logger, ObjectScope scope) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        using (logger.BeginScope(scope))
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
