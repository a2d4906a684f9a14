using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>
/// One flat JSON object per line: <c>ts</c>, <c>level</c>, <c>logger</c>, <c>msg</c>, the properties of scopes and message, and
/// <c>error</c> with an exception. No key comes twice.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-line";

    private static readonly string[] OwnKeys = ["ts", "level", "logger", "msg", "error"];

    // Logs are not part of web pages, so that "<", "'" and "ä" need no escaping. Line ends are still escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var properties = new LogProperties();
        properties.AddScopes(scopeProvider);
        properties.Add(logEntry.State);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("ts", Timestamps.Milliseconds(time.GetUtcNow()));
            json.WriteString("level", LevelNames.Of(logEntry.LogLevel));
            json.WriteString("logger", logEntry.Category);
            json.WriteString("msg", logEntry.Formatter(logEntry.State, logEntry.Exception));
            foreach (var (name, value) in properties.All)
            {
                json.WritePropertyName(OwnKeys.Contains(name) ? name + "_" : name);
                Write(json, value);
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("error", ExceptionText.Of(exception, logEntry.Category));
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(PrintableText.Json(Encoding.UTF8.GetString(buffer.WrittenSpan)));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
