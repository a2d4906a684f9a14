namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>
/// Finds cycles between folders at every depth: in each folder, between the folders in it, with all that is below them, and the types
/// of the folder itself.
/// </summary>
internal static class FolderCycles
{
    public static IReadOnlyList<string> Of(IEnumerable<TypeUse> uses)
    {
        var edges = uses.Where(use => use.User.Folder != use.Used.Folder).Select(Siblings).ToList();
        return
        [
            .. edges.GroupBy(edge => edge.Parent).OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => Cycles([.. group])),
        ];
    }

    // the highest folders that differ: "Core/Plan" and "Core/Model" for Core/Plan/X and Core/Model/Y; a folder that holds the other
    // stands for its own types
    private static Edge Siblings(TypeUse use)
    {
        var user = use.User.Folder.Split('/');
        var used = use.Used.Folder.Split('/');
        var common = user.Zip(used).TakeWhile(pair => pair.First == pair.Second).Count();
        return new Edge(Join(user, common), Join(user, common + 1), Join(used, common + 1), use);
    }

    private static string Join(string[] folder, int count) => string.Join('/', folder.Take(count));

    private static IEnumerable<string> Cycles(IReadOnlyList<Edge> edges)
    {
        var next = edges.ToLookup(edge => edge.From);
        var reported = new HashSet<string>();
        foreach (var folder in edges.Select(edge => edge.From).Distinct().Order(StringComparer.Ordinal))
        {
            if (!reported.Contains(folder) && Way(next, folder) is { } cycle)
            {
                reported.UnionWith(cycle.Select(edge => edge.From));
                yield return $"cycle {string.Join(" → ", cycle.Select(edge => edge.From))} → {folder}:"
                    + string.Concat(cycle.Select(edge => $"\n    {edge.Use}"));
            }
        }
    }

    // the shortest way back to where it starts
    private static List<Edge>? Way(ILookup<string, Edge> next, string start)
    {
        var reached = new HashSet<string>();
        var ways = new Queue<List<Edge>>([[]]);
        while (ways.TryDequeue(out var way))
        {
            foreach (var edge in next[way.Count == 0 ? start : way[^1].To])
            {
                if (edge.To == start)
                {
                    return [.. way, edge];
                }

                if (reached.Add(edge.To))
                {
                    ways.Enqueue([.. way, edge]);
                }
            }
        }

        return null;
    }

    private sealed record Edge(string Parent, string From, string To, TypeUse Use);
}
