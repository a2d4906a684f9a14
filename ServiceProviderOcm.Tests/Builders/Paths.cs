using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Paths of property names.</summary>
internal static class Paths
{
    public static readonly IEqualityComparer<IReadOnlyList<string>> Equal =
        EqualityComparer<IReadOnlyList<string>>.Create((one, other) => one!.SequenceEqual(other!), path => path.Count);

    /// <summary>Removes a field, and what is empty without it, as server-side apply does.</summary>
    public static void Remove(JsonObject from, IReadOnlyList<string> path)
    {
        if (path is [var last])
        {
            from.Remove(last);
        }
        else if (from[path[0]] is JsonObject below)
        {
            Remove(below, [.. path.Skip(1)]);
            if (below.Count == 0)
            {
                from.Remove(path[0]);
            }
        }
    }
}
