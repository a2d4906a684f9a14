using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>The fields of an object that are to be removed before its manifest is applied.</summary>
/// <param name="Paths">The paths, as property names from the root. None is below another.</param>
public sealed record FieldRemoval(IReadOnlyList<IReadOnlyList<string>> Paths)
{
    /// <summary>No fields.</summary>
    public static readonly FieldRemoval None = new([]);

    /// <summary>Whether there is nothing to remove.</summary>
    public bool IsEmpty => Paths.Count == 0;

    /// <summary>A merge patch (RFC 7386) that removes the fields.</summary>
    public JsonElement ToMergePatch()
    {
        var patch = new JsonObject();
        foreach (var path in Paths)
        {
            var at = patch;
            foreach (var step in path.SkipLast(1))
            {
                if (at[step] is not JsonObject next)
                {
                    next = [];
                    at[step] = next;
                }

                at = next;
            }

            at[path[^1]] = null;
        }

        return patch.ToElement();
    }
}
