using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>A table of all OCMs that is updated in place, with the latest changes below it, for terminals.</summary>
internal sealed class LiveView(IAnsiConsole console) : IView
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Underway = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Plain = new();
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>The table, and as many of the latest changes as fit below it.</summary>
    public static IRenderable Render(PlatformStatus status, IAnsiConsole console)
    {
        var table = Table(status);
        var width = console.Profile.Width;
        var height = HeightOf(table, width) + 1;
        return new Rows(
        [
            table,
            new Text(Cut(Summary(status), width), status.Rollout.Reason == ProgressingCondition.Stalled ? Bad : Plain),
            .. status.Latest
                .TakeLast(Math.Max(0, console.Profile.Height - height - 1))
                .Select(change => new Text(Cut(PlainView.Line(change), width), Quiet)),
        ]);
    }

    public void Say(string text) => console.Profile.Out.Writer.WriteLine(text);

    public Task ShowAsync(PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken) =>
        console.Live(Render(watch.Last, console)).Cropping(VerticalOverflowCropping.Bottom).AutoClear(!isLast).StartAsync(async live =>
        {
            live.Refresh();
            await foreach (var status in watch.ReadAsync(cancellationToken))
            {
                live.UpdateTarget(Render(status, console));
                if (isEnough(status))
                {
                    return;
                }
            }
        });

    private static string Summary(PlatformStatus status) => PrintableText.OneLine(
        $" {status.Ocms.Count(ocm => ocm.IsReady)} of {status.Ocms.Count} OCMs are Ready. ProviderConfig: {status.Rollout}");

    private static int HeightOf(Table table, int width)
    {
        using var text = new StringWriter();
        var measure = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        measure.Profile.Width = width;
        measure.Write(table);
        return text.ToString().AsSpan().Count('\n');
    }

    private static Table Table(PlatformStatus status)
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators().Expand();
        foreach (var title in (ReadOnlySpan<string>)["OCM", "Version", "Phase", "Message", "Managed objects"])
        {
            table.AddColumn(title);
        }

        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap();
        foreach (var ocm in status.Ocms)
        {
            table.AddRow(
                new Text(PrintableText.OneLine($"{ocm.Key}")),
                new Text(PrintableText.OneLine(ocm.Version)),
                new Text(PrintableText.OneLine(ocm.Phase), StyleOf(ocm)),
                new Text(PrintableText.OneLine(ocm.IsReady || ocm.Reason.Length == 0 ? ocm.Message : $"{ocm.Reason}: {ocm.Message}")),
                Objects(status, ocm));
        }

        return table;
    }

    private static Paragraph Objects(PlatformStatus status, OcmSummary ocm)
    {
        var objects = new Paragraph();
        foreach (var (index, (kind, _, managed)) in status.ObjectsOf(ocm).Index())
        {
            objects.Append(index == 0 ? "" : "\n")
                .Append(PrintableText.OneLine($"{kind} {managed.State}"), managed.IsDone ? Good : Underway);
        }

        return objects;
    }

    private static Style StyleOf(OcmSummary ocm) => ocm switch
    {
        { IsReady: true } => Good,
        { Phase: "Terminating" } => Bad,
        _ => Underway,
    };

    private static string Cut(string line, int width) => line.Length > width ? $"{line[..Math.Max(0, width - 1)]}…" : line;
}
