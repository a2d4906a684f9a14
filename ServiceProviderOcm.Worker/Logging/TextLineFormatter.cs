using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>A human-readable line: time (UTC), level, message and the properties of scopes; an exception is on further lines.</summary>
internal sealed class TextLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "text-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var scopes = new LogProperties();
        scopes.AddScopes(scopeProvider);
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {LevelNames.Of(logEntry.LogLevel),-5} ");
        line.Append(PrintableText.OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        foreach (var (name, value) in scopes.All)
        {
            line.Append(' ').Append(name).Append('=').Append(PrintableText.OneLine(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }

        if (logEntry.Exception is { } exception)
        {
            foreach (var part in ExceptionText.Of(exception, logEntry.Category).ReplaceLineEndings("\n").Split('\n'))
            {
                line.AppendLine().Append(PrintableText.OneLine(part));
            }
        }

        textWriter.WriteLine(line);
    }
}
