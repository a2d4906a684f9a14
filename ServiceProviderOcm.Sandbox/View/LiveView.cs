using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Logging;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceProviderOcm.Sandbox.View;

/// <summary>A table of all OCMs that changes in place, and below it what has happened last, for terminals.</summary>
internal sealed class LiveView(IAnsiConsole console) : IView
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Underway = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>How everything stands: a table, and as much of what has happened last as fits below it.</summary>
    public static IRenderable Render(Standing standing, IAnsiConsole console)
    {
        var table = Table(standing);
        var width = console.Profile.Width;
        var height = HeightOf(table, width);
        return new Rows(
        [
            table,
            .. standing.Latest
                .TakeLast(Math.Max(0, console.Profile.Height - height - 1))
                .Select(happening => new Text(Cut(PlainView.Line(happening), width), Quiet)),
        ]);
    }

    public void Say(string text) => console.Profile.Out.Writer.WriteLine(text);

    public Task ShowAsync(Following following, Func<Standing, bool> isEnough, bool isLast, CancellationToken cancellationToken) =>
        console.Live(Render(following.Last, console)).Cropping(VerticalOverflowCropping.Bottom).AutoClear(!isLast).StartAsync(async live =>
        {
            live.Refresh();
            await foreach (var standing in following.ReadAsync(cancellationToken))
            {
                live.UpdateTarget(Render(standing, console));
                if (isEnough(standing))
                {
                    return;
                }
            }
        });

    private static int HeightOf(Table table, int width)
    {
        using var text = new StringWriter();
        var measure = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        measure.Profile.Width = width;
        measure.Write(table);
        return text.ToString().AsSpan().Count('\n');
    }

    private static Table Table(Standing standing)
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators().Expand();
        foreach (var title in (ReadOnlySpan<string>)["OCM", "Version", "Phase", "Message", "Managed objects"])
        {
            table.AddColumn(title);
        }

        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap();
        foreach (var ocm in standing.Ocms)
        {
            table.AddRow(
                new Text(OneLine.Of($"{ocm.Key}")),
                new Text(OneLine.Of(ocm.Version)),
                new Text(OneLine.Of(ocm.Phase), StyleOf(ocm)),
                new Text(OneLine.Of(ocm.IsReady || ocm.Reason.Length == 0 ? ocm.Message : $"{ocm.Reason}: {ocm.Message}")),
                Objects(standing, ocm));
        }

        return table;
    }

    private static Paragraph Objects(Standing standing, OcmSummary ocm)
    {
        var objects = new Paragraph();
        foreach (var (index, (kind, _, managed)) in standing.ObjectsOf(ocm).Index())
        {
            objects.Append(index == 0 ? "" : "\n").Append(OneLine.Of($"{kind} {managed.State}"), managed.IsDone ? Good : Underway);
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
