using ServiceProviderOcm.Core.Inspection;
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

    /// <summary>How everything stands, for a line of so many characters.</summary>
    public static IRenderable Render(Standing standing, int width)
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

        return new Rows(
        [
            table,
            .. standing.Latest.Select(happening => new Text(Cut(PlainView.Line(happening), width), Quiet)),
        ]);
    }

    public void Say(string text) => console.Profile.Out.Writer.WriteLine(text);

    public Task ShowAsync(Following following, Func<Standing, bool> isEnough, CancellationToken cancellationToken) =>
        console.Live(Render(following.Last, console.Profile.Width)).AutoClear(false).StartAsync(async live =>
        {
            await foreach (var standing in following.ReadAsync(cancellationToken))
            {
                live.UpdateTarget(Render(standing, console.Profile.Width));
                if (isEnough(standing))
                {
                    return;
                }
            }
        });

    private static Rows Objects(Standing standing, OcmSummary ocm) => new(standing.ObjectsOf(ocm).Select(entry =>
        new Text(OneLine.Of($"{entry.Kind} {entry.Object.State}"), entry.Object.IsDone ? Good : Underway)));

    private static Style StyleOf(OcmSummary ocm) => ocm switch
    {
        { IsReady: true } => Good,
        { Phase: "Terminating" } => Bad,
        _ => Underway,
    };

    private static string Cut(string line, int width) => line.Length > width ? $"{line[..Math.Max(0, width - 1)]}…" : line;
}
