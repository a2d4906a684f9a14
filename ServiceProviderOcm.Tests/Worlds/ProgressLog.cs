using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Puts the controller's log into the test's output, where it is shown when the test fails.</summary>
public sealed class ProgressLog : ILoggerProvider, ILogger, ISupportExternalScope
{
    private readonly TextWriter _output = TestContext.Out;

    private IExternalScopeProvider? _scopes;

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _output.WriteLine(
            $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {Scopes()} {exception}");

    private string Scopes()
    {
        List<object?> scopes = [];
        _scopes?.ForEachScope(static (scope, found) => found.Add(scope), scopes);
        return string.Join(' ', scopes);
    }

    public void Dispose()
    {
    }
}
