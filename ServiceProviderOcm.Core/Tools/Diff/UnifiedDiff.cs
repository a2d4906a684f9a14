using System.Globalization;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>Compares two texts by lines, as <c>diff -u</c> does. A pure function.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    // Beyond that, what differs is shown as removed and added as a whole.
    private const long MostCells = 4_000_000;

    /// <summary>The hunks, each with its header; none for equal texts.</summary>
    /// <param name="from">The lines before.</param>
    /// <param name="to">The lines after.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        var edits = Edits(from, to);
        List<string> text = [];
        for (var at = 0; at < edits.Count;)
        {
            var first = edits.FindIndex(at, edit => edit.Mark != ' ');
            if (first < 0)
            {
                break;
            }

            var start = Math.Max(at, first - Context);
            var last = first;
            for (var next = first; next >= 0 && next - last <= (2 * Context) + 1; next = edits.FindIndex(next + 1, edit => edit.Mark != ' '))
            {
                last = next;
            }

            var end = Math.Min(edits.Count, last + Context + 1);
            text.Add(Header(edits, start, end));
            text.AddRange(edits[start..end].Select(edit => edit.Mark + edit.Line));
            at = end;
        }

        return text;
    }

    private static string Header(List<Edit> edits, int start, int end)
    {
        return $"@@ -{Range('+')} +{Range('-')} @@";

        string Range(char other)
        {
            var before = edits.Take(start).Count(edit => edit.Mark != other);
            var count = edits[start..end].Count(edit => edit.Mark != other);
            return string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? before : before + 1)},{count}");
        }
    }

    private static List<Edit> Edits(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        var prefix = 0;
        while (prefix < from.Count && prefix < to.Count && from[prefix] == to[prefix])
        {
            prefix++;
        }

        var suffix = 0;
        while (suffix < from.Count - prefix && suffix < to.Count - prefix && from[^(suffix + 1)] == to[^(suffix + 1)])
        {
            suffix++;
        }

        string[] removed = [.. from.Skip(prefix).Take(from.Count - prefix - suffix)];
        string[] added = [.. to.Skip(prefix).Take(to.Count - prefix - suffix)];
        return
        [
            .. from.Take(prefix).Select(line => new Edit(' ', line)),
            .. (long)removed.Length * added.Length > MostCells
                ? removed.Select(line => new Edit('-', line)).Concat(added.Select(line => new Edit('+', line)))
                : Longest(removed, added),
            .. from.Skip(from.Count - suffix).Select(line => new Edit(' ', line)),
        ];
    }

    // By the longest common subsequence.
    private static IEnumerable<Edit> Longest(string[] from, string[] to)
    {
        var common = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
            {
                common[i, j] = from[i] == to[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < from.Length || y < to.Length)
        {
            if (x < from.Length && y < to.Length && from[x] == to[y])
            {
                yield return new Edit(' ', from[x++]);
                y++;
            }
            else if (x < from.Length && (y == to.Length || common[x + 1, y] >= common[x, y + 1]))
            {
                yield return new Edit('-', from[x++]);
            }
            else
            {
                yield return new Edit('+', to[y++]);
            }
        }
    }

    private readonly record struct Edit(char Mark, string Line);
}
