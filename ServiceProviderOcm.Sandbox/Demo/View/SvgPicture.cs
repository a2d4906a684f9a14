using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>A terminal as SVG, with text: frames that follow each other, the newest lines at the bottom.</summary>
internal static class SvgPicture
{
    private const int MostLines = 38;
    private const int SecondsPerFrame = 5;
    private const double CharacterWidth = 8;
    private const int LineHeight = 18;
    private const int Margin = 16;
    private const int Top = 40;

    /// <summary>Draws the frames.</summary>
    /// <param name="frames">The lines of each.</param>
    /// <param name="columns">The width of the terminal.</param>
    public static string Of(IEnumerable<IReadOnlyList<IReadOnlyList<Segment>>> frames, int columns)
    {
        var drawn = frames.Select(Draw).ToList();
        var distinct = drawn.Where((frame, index) => index == 0 || frame != drawn[index - 1]).ToList();
        var seconds = distinct.Count * SecondsPerFrame;
        var (width, height) = ((columns * CharacterWidth) + (2 * Margin), Top + (MostLines * LineHeight) + Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}">
            <!-- Made by scripts/screenshot. -->
            <style>
            text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; white-space: pre }
            .green { fill: #3fb950 } .yellow { fill: #d29922 } .red { fill: #f85149 } .white { fill: #ffffff }
            g { visibility: hidden; animation: frame {{seconds}}s infinite }
            g:last-of-type { visibility: visible }
            @keyframes frame { 0% { visibility: visible } {{100.0 / distinct.Count:0.###}}% { visibility: hidden } 100% { visibility: hidden } }
            </style>
            <rect width="100%" height="100%" rx="6" fill="#0d1117"/>
            <circle cx="20" cy="18" r="5" fill="#ff5f58"/><circle cx="38" cy="18" r="5" fill="#ffbd2e"/><circle cx="56" cy="18" r="5" fill="#18c132"/>

            """);
        foreach (var (index, frame) in distinct.Index())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g style=\"animation-delay: {(index * SecondsPerFrame) - seconds}s\">\n{frame}</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Draw(IReadOnlyList<IReadOnlyList<Segment>> lines)
    {
        var svg = new StringBuilder();
        foreach (var (row, line) in lines.TakeLast(MostLines).Index())
        {
            var column = 0;
            foreach (var segment in Joined(line))
            {
                var text = segment.Text.TrimEnd();
                if (text.Trim().Length > 0)
                {
                    var start = text.Length - text.TrimStart().Length;
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + ((column + start) * CharacterWidth)}\" ")
                        .Append(CultureInfo.InvariantCulture, $"y=\"{Top + ((row + 1) * LineHeight) - 4}\" ")
                        .Append(CultureInfo.InvariantCulture, $"textLength=\"{(text.Length - start) * CharacterWidth}\"")
                        .Append(ClassOf(segment.Style))
                        .Append(CultureInfo.InvariantCulture, $">{WebUtility.HtmlEncode(text.TrimStart())}</text>\n");
                }

                column += segment.Text.Length;
            }
        }

        return svg.ToString();
    }

    // Neighbours of one style, as one text.
    private static IEnumerable<Segment> Joined(IReadOnlyList<Segment> line)
    {
        Segment? joined = null;
        foreach (var segment in line)
        {
            if (joined is not null && joined.Style.Foreground == segment.Style.Foreground)
            {
                joined = new Segment(joined.Text + segment.Text, joined.Style);
                continue;
            }

            if (joined is not null)
            {
                yield return joined;
            }

            joined = segment;
        }

        if (joined is not null)
        {
            yield return joined;
        }
    }

    private static string ClassOf(Style style) => style.Foreground switch
    {
        var color when color == Color.Green => " class=\"green\"",
        var color when color == Color.Yellow => " class=\"yellow\"",
        var color when color == Color.Red => " class=\"red\"",
        var color when color == Color.White => " class=\"white\"",
        _ => "",
    };
}
