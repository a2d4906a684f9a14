using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Worker.Logging;

namespace ServiceProviderOcm.Sandbox.Demo.Provider;

/// <summary>Writes the log of the Worker to a file.</summary>
internal sealed class LogFile(Stream file, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private readonly StreamWriter _writer = new(file) { AutoFlush = true };
    private readonly TextLineFormatter _formatter = new(time);
    private readonly Lock _lock = new();
    private IExternalScopeProvider? _scopes;
    private volatile string _lastError = "";

    /// <summary>The last error message; empty if there is none.</summary>
    public string LastError => _lastError;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
        }
    }

    private void Write<TState>(in LogEntry<TState> entry)
    {
        if (entry.LogLevel >= LogLevel.Error)
        {
            _lastError = PrintableText.OneLine(entry.Formatter(entry.State, entry.Exception));
        }

        lock (_lock)
        {
            _formatter.Write(entry, _scopes, _writer);
        }
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull =>
            file._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            file.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter));
    }
}
