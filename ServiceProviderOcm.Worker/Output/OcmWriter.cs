using System.Text.Json;
using ServiceProviderOcm.Core.Tools.Describe;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Writes OCMs and the rollout in the requested format.</summary>
/// <param name="output">Where to.</param>
/// <param name="format">For programs, or for people.</param>
/// <param name="terminal">What the output can show.</param>
/// <param name="time">Clock.</param>
internal sealed class OcmWriter(TextWriter output, StatusFormat format, Terminal terminal, TimeProvider time)
{
    private readonly string _ellipsis = terminal.IsRich ? "…" : "...";
    private readonly OcmTable _table = new(
        format == StatusFormat.Wide ? null : terminal.Width, terminal.IsRich ? "…" : "...", time, format == StatusFormat.Wide);

    /// <summary>Writes everything, without later changes.</summary>
    public void WriteAll(StatusView view)
    {
        switch (format)
        {
            case StatusFormat.Json:
                output.WriteLine(JsonText.Of(json => StatusJson.Write(json, view), isIndented: true));
                break;
            case StatusFormat.Yaml:
                output.Write(JsonText.Yaml(json => StatusJson.Write(json, view)));
                break;
            default:
                WriteTable(view);
                break;
        }
    }

    /// <summary>Writes an OCM with all its objects.</summary>
    public void WriteAll(OcmChain chain)
    {
        switch (format)
        {
            case StatusFormat.Json:
                output.WriteLine(JsonText.Of(json => ChainJson.Write(json, chain), isIndented: true));
                break;
            case StatusFormat.Yaml:
                output.Write(JsonText.Yaml(json => ChainJson.Write(json, chain)));
                break;
            default:
                WriteLines(ChainText.Lines(chain, time.GetUtcNow()));
                break;
        }
    }

    /// <summary>Writes everything before later changes: what programs read is of the same form as these.</summary>
    public void WriteFirst(StatusView view)
    {
        if (format is StatusFormat.Text or StatusFormat.Wide)
        {
            WriteTable(view);
            return;
        }

        if (view.Rollout is { } rollout)
        {
            WriteChange(rollout);
        }

        foreach (var ocm in view.Ocms)
        {
            WriteChange(ocm);
        }
    }

    /// <summary>Writes a changed OCM.</summary>
    public void WriteChange(OcmSummary ocm)
    {
        if (format is StatusFormat.Text or StatusFormat.Wide)
        {
            output.WriteLine(_table.Line(ocm));
        }
        else
        {
            WriteDocument(json => OcmJson.Write(json, ocm));
        }
    }

    /// <summary>Writes a changed rollout.</summary>
    public void WriteChange(RolloutSummary rollout)
    {
        if (format is StatusFormat.Text or StatusFormat.Wide)
        {
            output.WriteLine(Cut(RolloutText.Line(rollout)));
        }
        else
        {
            WriteDocument(json => StatusJson.WriteChange(json, rollout));
        }
    }

    private void WriteDocument(Action<Utf8JsonWriter> write)
    {
        if (format == StatusFormat.Json)
        {
            output.WriteLine(JsonText.Of(write, isIndented: false));
        }
        else
        {
            output.Write("---\n");
            output.Write(JsonText.Yaml(write));
        }
    }

    private void WriteTable(StatusView view)
    {
        if (view.Rollout is { } rollout)
        {
            WriteLines(RolloutText.Lines(rollout, time.GetUtcNow()));
            output.WriteLine();
        }

        foreach (var line in _table.Lines(view.Ocms))
        {
            output.WriteLine(line);
        }
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(Cut(line));
        }
    }

    private string Cut(string line) => format == StatusFormat.Text && terminal.Width is { } limit && line.Length > limit
        ? line[..Math.Max(0, limit - _ellipsis.Length)] + _ellipsis
        : line;
}
