using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Puts the controller's log into the test's output, where it is shown when the test fails.</summary>
public sealed class ProgressLog : ILoggerProvider, ILogger
{
    private readonly TextWriter _output = TestContext.Out;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
