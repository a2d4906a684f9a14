using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// Detects drift of an object from its manifest. Fields that the server fills in with defaults are no drift; fields that a field manager
/// has written are.
/// </summary>
public static class Drift
{
    /// <summary>
    /// Whether applying the manifest would add or change anything. <see cref="Removal"/> finds what to remove.
    /// </summary>
    public static bool NeedsApply(KubeObject desired, KubeObject? observed) =>
        observed is null || Comparison.Of(desired, observed).NeedsApply;

    /// <summary>
    /// A merge patch that removes fields that the object's desired state has and the manifest has not, whatever their field manager;
    /// null if there are none. Server-side apply keeps fields of other managers, and servers as old as 1.20 do not remove the
    /// provider's own fields correctly (they set the parent of the last field to null).
    /// </summary>
    /// <param name="desired">The manifest.</param>
    /// <param name="observed">The object.</param>
    /// <param name="serverDefaults">Fields and values (<see cref="NotRemoved"/>) that the server is known to fill in again.</param>
    public static JsonElement? Removal(KubeObject desired, KubeObject observed, IReadOnlySet<string> serverDefaults)
    {
        var kind = desired.Text("kind") ?? "";
        var compared = Comparison.Of(desired, observed);
        var surplus = compared.Owned
            .Select(path => Surplus(compared, path))
            .OfType<IReadOnlyList<string>>()
            .Where(path => !serverDefaults.Contains(FieldAndValue(kind, path, compared.Observed.At([.. path])!.Value)))
            .ToList();
        return surplus.Count == 0 ? null : NullAt(surplus);
    }

    /// <summary>
    /// The fields, with their values, that a merge patch sets to null and that are there all the same once it has been
    /// carried out: the server's defaults.
    /// </summary>
    public static IEnumerable<string> NotRemoved(string kind, JsonElement patch, JsonElement result, IReadOnlyList<string>? above = null) =>
        patch.EnumerateObject().SelectMany(field =>
        {
            IReadOnlyList<string> path = [.. above ?? [], field.Name];
            return result.At(field.Name) is not { } left ? []
                : field.Value.ValueKind == JsonValueKind.Null ? [FieldAndValue(kind, path, left)]
                : field.Value.ValueKind == JsonValueKind.Object ? NotRemoved(kind, field.Value, left, path)
                : [];
        });

    private static string FieldAndValue(string kind, IEnumerable<string> path, JsonElement value) =>
        $"{kind}.{string.Join('.', path)}={value.GetRawText()}";

    // Some servers record a map, such as Helm values, as one managed field: then the provider manages all of it.
    private static bool HasMoreWithin(Comparison compared, IReadOnlyList<string> path) =>
        compared.Desired.At([.. path]) is { ValueKind: JsonValueKind.Object } wanted
        && compared.Observed.At([.. path]) is { } seen
        && !Contains(wanted, seen, "");

    private static JsonElement NullAt(IEnumerable<IReadOnlyList<string>> paths)
    {
        var patch = new JsonObject();
        foreach (var path in paths)
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

    /// <summary>The topmost part of a path that the object has and the manifest has not; null if the manifest covers the path.</summary>
    private static IReadOnlyList<string>? Surplus(Comparison compared, IReadOnlyList<string> path)
    {
        var wanted = compared.Desired;
        var seen = compared.Observed;
        for (var depth = 0; depth < path.Count; depth++)
        {
            if (seen.At(path[depth]) is not { } below || wanted.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (!wanted.TryGetProperty(path[depth], out wanted))
            {
                return [.. path.Take(depth + 1)];
            }

            seen = below;
        }

        return null;
    }

    private static bool Contains(JsonElement observed, JsonElement desired, string? name = null)
    {
        if (desired.ValueKind == JsonValueKind.Object)
        {
            return observed.ValueKind == JsonValueKind.Object && desired.EnumerateObject().All(wanted =>
                observed.TryGetProperty(wanted.Name, out var seen)
                    ? name == "metadata" && wanted.NameEquals("finalizers")
                        ? ContainsAll(seen, wanted.Value)
                        : Contains(seen, wanted.Value, name is null ? wanted.Name : "")
                    : IsNothing(wanted.Value));
        }

        if (desired.ValueKind == JsonValueKind.Array)
        {
            return observed.ValueKind == JsonValueKind.Array
                && observed.GetArrayLength() == desired.GetArrayLength()
                && observed.EnumerateArray().Zip(desired.EnumerateArray()).All(pair => Contains(pair.First, pair.Second, ""));
        }

        return JsonElement.DeepEquals(observed, desired);
    }

    // Servers drop nulls and may drop empty containers.
    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static bool ContainsAll(JsonElement observed, JsonElement desired) =>
        observed.ValueKind == JsonValueKind.Array
        && desired.EnumerateArray().All(wanted => observed.EnumerateArray().Any(seen => JsonElement.DeepEquals(seen, wanted)));

    /// <summary>What is left to compare once a shared part that both have is left out.</summary>
    private sealed record Comparison(JsonElement Desired, JsonElement Observed, IEnumerable<IReadOnlyList<string>> Owned)
    {
        public bool NeedsApply => !Contains(Observed, Desired) || Owned.Any(path => HasMoreWithin(this, path));

        public static Comparison Of(KubeObject desired, KubeObject observed)
        {
            var owned = observed.Ownership.Applied.Concat(observed.Ownership.Foreign);
            return desired.Shared.IsSame(observed.Shared)
                ? new Comparison(desired.OwnJson, observed.OwnJson, owned.Where(path => !desired.Shared.Covers(path)))
                : new Comparison(desired.Json, observed.Json, owned);
        }
    }
}
