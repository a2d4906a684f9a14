using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>Writes OCMs in the requested format.</summary>
/// <param name="output">Where to.</param>
/// <param name="isJson">For programs, or for people.</param>
/// <param name="terminal">What the output can show.</param>
/// <param name="time">Clock.</param>
internal sealed class OcmWriter(TextWriter output, bool isJson, Terminal terminal, TimeProvider time)
{
    private readonly OcmTable _table = new(terminal.Width, terminal.IsRich ? "…" : "...", time);

    /// <summary>Writes all OCMs, without later changes.</summary>
    public void WriteAll(IReadOnlyList<OcmSummary> ocms)
    {
        if (isJson)
        {
            output.WriteLine(OcmJson.OfAll(ocms));
        }
        else
        {
            WriteTable(ocms);
        }
    }

    /// <summary>Writes all OCMs before later changes.</summary>
    public void WriteFirst(IReadOnlyList<OcmSummary> ocms)
    {
        if (!isJson)
        {
            WriteTable(ocms);
            return;
        }

        foreach (var ocm in ocms)
        {
            output.WriteLine(OcmJson.OfOne(ocm));
        }
    }

    /// <summary>Writes a changed OCM.</summary>
    public void WriteChange(OcmSummary ocm) => output.WriteLine(isJson ? OcmJson.OfOne(ocm) : _table.Line(ocm));

    private void WriteTable(IReadOnlyList<OcmSummary> ocms)
    {
        foreach (var line in _table.Lines(ocms))
        {
            output.WriteLine(line);
        }
    }
}
