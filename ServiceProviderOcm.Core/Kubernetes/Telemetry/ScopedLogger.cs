using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>Writes every line within one and the same scope, where no flow of execution could carry it.</summary>
internal sealed class ScopedLogger(ILogger logger, OcmScope scope) : ILogger
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
