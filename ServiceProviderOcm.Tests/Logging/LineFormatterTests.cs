using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Worker.Logging;

namespace ServiceProviderOcm.Tests.Logging;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LineFormatterTests
{
    private static readonly Guid ReconcileId = Guid.Parse("0195c5f1-6a4e-7c3a-9d2b-1f2e3d4c5b6a");

    private readonly LoggerExternalScopeProvider _scopes = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, 123, TimeSpan.Zero));

    [Test]
    public void A_JSON_line_has_time_level_logger_and_message()
    {
        Assert.That(
            Json(LogLevel.Information, "Controller started with 10 workers", ("Workers", 10), ("{OriginalFormat}", "…{Workers}…")),
            Is.EqualTo("""{"ts":"2026-01-31T12:00:00.123Z","level":"info","logger":"Some.Logger","msg":"Controller started with 10 workers","workers":10}"""));
    }

    [Test]
    public void A_JSON_line_has_the_OCM_of_its_scope()
    {
        using var scope = _scopes.Push(new ObjectScope(new ObjectKey("project--ws", "mcp-01"), ReconcileId));

        Assert.That(
            Json(LogLevel.Warning, "Failed"),
            Does.EndWith($$""","msg":"Failed","namespace":"project--ws","name":"mcp-01","reconcileID":"{{ReconcileId}}"}"""));
    }

    [Test]
    public void A_JSON_line_of_a_reconciliation_has_its_reasons()
    {
        var reasons = ReconcileReasons.OcmChanged | ReconcileReasons.Interval;
        using var scope = _scopes.Push(new ObjectScope(new ObjectKey("project--ws", "mcp-01"), ReconcileId, reasons));

        Assert.That(Json(LogLevel.Warning, "Failed"), Does.EndWith(""","reconcileReasons":"OcmChanged, Interval"}"""));
    }

    [Test]
    public void Outside_of_a_reconciliation_a_line_has_the_OCM_only()
    {
        using var scope = _scopes.Push(new ObjectScope(new ObjectKey("project--ws", "mcp-01")));

        Assert.That(Json(LogLevel.Warning, "Failed"), Does.EndWith(""","msg":"Failed","namespace":"project--ws","name":"mcp-01"}"""));
    }

    [TestCase(LogLevel.Trace, "debug")]
    [TestCase(LogLevel.Debug, "debug")]
    [TestCase(LogLevel.Information, "info")]
    [TestCase(LogLevel.Warning, "warn")]
    [TestCase(LogLevel.Error, "error")]
    [TestCase(LogLevel.Critical, "fatal")]
    public void Levels_have_the_names_that_log_collectors_parse(LogLevel level, string name)
    {
        Assert.That(Parse(Json(level, "x")).Text("level"), Is.EqualTo(name));
        Assert.That(Text(level, "x"), Is.EqualTo($"12:00:00.123 {name,-5} x"));
    }

    [TestCase("two\nlines")]
    [TestCase("two\r\nlines")]
    [TestCase("two\u2028lines")]
    [TestCase("\u001b[31m\"red\"\\\0")]
    [TestCase("ä <b> 'x' 🙂")]
    public void A_message_is_one_JSON_line_and_is_read_back_unchanged(string message)
    {
        var line = Json(LogLevel.Information, message, ("Message", message));

        Assert.That(line, Has.None.Matches<char>(char.IsControl).And.None.EqualTo('\u2028'));
        Assert.That((Parse(line).Text("msg"), Parse(line).Text("message")), Is.EqualTo((message, message)));
    }

    [Test]
    public void Keys_are_unique_and_the_innermost_scope_counts()
    {
        using var outer = _scopes.Push(Properties(("Name", "outer"), ("x", 1)));
        using var inner = _scopes.Push(Properties(("name", "inner"), ("x", 2)));

        var line = Parse(Json(LogLevel.Information, "m", ("X", 3L), ("Msg", "other"), ("Level", true), ("None", null)));

        Assert.That(
            string.Join(' ', line.EnumerateObject().Select(property => property.Name)),
            Is.EqualTo("ts level logger msg name x msg_ level_ none"));
        Assert.That((line.Text("name"), line.Number("x"), line.Text("msg")), Is.EqualTo(("inner", 3, "m")));
    }

    [Test]
    public void An_exception_is_on_the_same_JSON_line()
    {
        var exception = Thrown();

        var line = Json(LogLevel.Error, "An unexpected error", exception);

        Assert.That(line, Does.Not.Contain('\n'));
        Assert.That(Parse(line).Text("error"), Is.EqualTo(exception.ToString()));
    }

    [Test]
    public void A_text_line_has_time_level_OCM_and_message()
    {
        using var scope = _scopes.Push(new ObjectScope(new ObjectKey("project--ws", "mcp-01"), ReconcileId));

        Assert.That(
            Text(LogLevel.Information, "OCM is Ready", ("Phase", "Ready")),
            Is.EqualTo($"12:00:00.123 info  OCM is Ready namespace=project--ws name=mcp-01 reconcileID={ReconcileId}"));
    }

    [Test]
    public void A_message_cannot_start_a_new_text_line_or_send_terminal_controls()
    {
        Assert.That(Text(LogLevel.Information, "a\nb\u001b[31m"), Is.EqualTo("12:00:00.123 info  a\\u000ab\\u001b[31m"));
    }

    [Test]
    public void An_exception_is_below_its_text_line()
    {
        var exception = Thrown();

        var text = Format(new TextLineFormatter(_time), LogLevel.Error, "An unexpected error", exception, []);

        Assert.That(text.TrimEnd(), Is.EqualTo($"12:00:00.123 error An unexpected error{Environment.NewLine}{exception}"));
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("no");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }

    private static JsonElement Parse(string line) => JsonElement.Parse(line);

    private static List<KeyValuePair<string, object?>> Properties(params (string Name, object? Value)[] properties) =>
        [.. properties.Select(property => KeyValuePair.Create(property.Name, property.Value))];

    private string Json(LogLevel level, string message, params (string Name, object? Value)[] properties) =>
        Line(new JsonLineFormatter(_time), level, message, null, properties);

    private string Json(LogLevel level, string message, Exception exception) =>
        Line(new JsonLineFormatter(_time), level, message, exception, []);

    private string Text(LogLevel level, string message, params (string Name, object? Value)[] properties) =>
        Line(new TextLineFormatter(_time), level, message, null, properties);

    private string Line(
        ConsoleFormatter formatter, LogLevel level, string message, Exception? exception, (string Name, object? Value)[] properties)
    {
        var lines = Format(formatter, level, message, exception, properties);
        Assert.That(lines, Does.EndWith(Environment.NewLine));
        return lines[..^Environment.NewLine.Length];
    }

    private string Format(
        ConsoleFormatter formatter, LogLevel level, string message, Exception? exception, (string Name, object? Value)[] properties)
    {
        using var written = new StringWriter();
        var entry = new LogEntry<List<KeyValuePair<string, object?>>>(
            level, "Some.Logger", default, Properties(properties), exception, (_, _) => message);
        formatter.Write(entry, _scopes, written);
        return written.ToString();
    }
}
