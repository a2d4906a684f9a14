using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Logging;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>Whatever is in a text, logs and commands write it in one line that controls no terminal.</summary>
public sealed class OutputTests
{
    private const string Controls = "said\n\r\u001b[31mred\u001b[0m \u202eevil\u2066\u2028\u2029\ufeff\u200f\u009b2J\U000E0041 ä 🙂";

    private static readonly string[] Formats = [JsonLineFormatter.FormatterName, TextLineFormatter.FormatterName];

    [TestCaseSource(nameof(Formats))]
    public void A_log_line_is_one_line(string format)
    {
        var lines = Log(format, Controls, exception: null);

        Assert.That(lines, Has.Length.EqualTo(1));
        HostileText.AssertHarmless(lines[0]);
    }

    [Test]
    public void A_JSON_line_still_has_the_whole_message() => Assert.That(
        JsonElement.Parse(Log(JsonLineFormatter.FormatterName, Controls, exception: null)[0]).Text("msg"), Is.EqualTo(Controls));

    [TestCaseSource(nameof(Formats))]
    public void The_messages_of_exceptions_of_libraries_are_not_logged(string format)
    {
        var inner = new FormatException($"The input string '{HostileText.Password}' was not in a correct format.");
        var exception = new AggregateException(HostileText.Marker, new InvalidOperationException(HostileText.Marker, inner));

        var lines = Log(format, "Unexpected error", exception);

        foreach (var line in lines)
        {
            Assert.That(line, Does.Not.Contain(HostileText.Marker));
            HostileText.AssertHarmless(line);
        }

        Assert.That(string.Concat(lines), Does.Contain("System.InvalidOperationException").And.Contain("System.FormatException"));
    }

    [TestCaseSource(nameof(Formats))]
    public void The_messages_of_own_exceptions_are_logged(string format) => Assert.That(
        string.Concat(Log(format, "Unexpected error", new KubernetesApiException(503, "Timeout", "no answer"))), Does.Contain("no answer"));

    [Test]
    public void Status_and_check_write_lines_that_control_no_terminal()
    {
        var ocm = new OcmSummary(new ObjectKey("n", Controls), Controls, Controls, false, Controls, Controls, null, "tenant");
        CheckResult[] results = [CheckResult.Failed(Controls, Controls, Controls)];
        using var written = new StringWriter { NewLine = "\n" };
        var writer = new OcmWriter(written, StatusFormat.Text, Terminal.Plain, TimeProvider.System);
        writer.WriteAll(new StatusView(null, [ocm]));
        var outputs = new[] { written.ToString(), Document(ocm), JsonText.Yaml(json => OcmJson.Write(json, ocm)), CheckResultsText.Of(results, Terminal.Plain), CheckResultsJson.Of(results) };

        foreach (var line in outputs.SelectMany(output => output.ReplaceLineEndings("\n").Split('\n')))
        {
            HostileText.AssertHarmless(line, maxBytes: 4096);
        }

        Assert.That(JsonElement.Parse(outputs[1]).Text("message"), Is.EqualTo(Controls));
        Assert.That(JsonElement.Parse(outputs[4])[0].Text("message"), Is.EqualTo(Controls));
        Assert.That(outputs[0].TrimEnd('\n').Split('\n'), Has.Length.EqualTo(2));
    }

    private static string Document(OcmSummary ocm) => JsonText.Of(json => OcmJson.Write(json, ocm), isIndented: false);

    private static string[] Log(string format, string message, Exception? exception)
    {
        ConsoleFormatter formatter = format == JsonLineFormatter.FormatterName
            ? new JsonLineFormatter(TimeProvider.System)
            : new TextLineFormatter(TimeProvider.System);
        using var written = new StringWriter();
        formatter.Write(
            new LogEntry<Dictionary<string, object?>>(
                LogLevel.Error, "ServiceProviderOcm.Core.Any", default, new() { ["Text"] = message }, exception, (_, _) => message),
            new LoggerExternalScopeProvider(),
            written);
        return written.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
