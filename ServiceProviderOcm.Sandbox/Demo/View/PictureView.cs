using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>
/// Records what another view shows, as frames of a picture: what was said, and the table below it. A frame has neither times nor paths, so
/// that each run of a scene gives the same picture.
/// </summary>
/// <param name="shown">The other view.</param>
/// <param name="command">The command line that shows the same.</param>
/// <param name="status">What the other view shows.</param>
internal sealed class PictureView(IView shown, string command, PlatformStatusWatch status) : IView
{
    private const int Width = 120;

    private readonly List<string> _said = [$"$ {command}"];
    private readonly List<IReadOnlyList<IReadOnlyList<Segment>>> _frames = [];
    private readonly IAnsiConsole _console = CreateConsole();

    /// <inheritdoc/>
    public void Say(string text)
    {
        shown.Say(text);

        // A new paragraph: the one before is complete.
        if (text.Length == 0)
        {
            Capture();
        }

        _said.Add(text);
    }

    /// <inheritdoc/>
    public Task ShowAsync(PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken)
    {
        Capture();
        return shown.ShowAsync(watch, isEnough, isLast, cancellationToken);
    }

    /// <summary>The picture of all frames.</summary>
    public string ToSvg()
    {
        Capture();
        return SvgPicture.Of(_frames, Width);
    }

    private void Capture()
    {
        var table = LiveView.Render(status.Last, _console).Render(RenderOptions.Create(_console), Width);
        _frames.Add([.. _said.SelectMany(Wrapped), [], .. Segment.SplitLines(table).Select(line => line.ToList())]);
    }

    private static IEnumerable<IReadOnlyList<Segment>> Wrapped(string text)
    {
        var style = text.TrimStart() is var start && start.StartsWith('$') ? new Style(Color.White)
            : start.StartsWith('>') ? new Style(Color.Green)
            : Style.Plain;
        return text.Length == 0 ? [[]] : text.Chunk(Width).Select(part => (IReadOnlyList<Segment>)[new Segment(new string(part), style)]);
    }

    // One line high: without the latest changes, which have times.
    private static IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(TextWriter.Null) });
        console.Profile.Width = Width;
        console.Profile.Height = 1;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
