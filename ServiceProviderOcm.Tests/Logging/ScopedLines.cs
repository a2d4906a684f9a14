using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Tests.Logging;

/// <summary>Keeps what is logged, with the scopes it is logged in.</summary>
public sealed class ScopedLines : ILoggerProvider, ILogger, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = [];
    private IExternalScopeProvider? _scopes;

    /// <summary>Message and scopes of each line.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        List<object?> parts = [formatter(state, exception)];
        _scopes?.ForEachScope(static (scope, found) => found.Add(scope), parts);
        _lines.Enqueue(string.Join(" | ", parts));
    }

    public void Dispose()
    {
    }
}
