using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// Compares a manifest with the object, field by field. Keeps what is left to compare in a stack of its own, so that deep JSON does not
/// exhaust the thread's.
/// </summary>
internal sealed class DriftWalk
{
    // What is deeper is removed with the object around it, and applied again.
    private const int DeepestRemoval = 32;

    private readonly string _kind;
    private readonly KubeObject _observed;
    private readonly DriftRules _rules;
    private readonly IReadOnlyList<string> _shared;
    private readonly Stack<(FieldPath Path, JsonElement Desired, JsonElement Observed, bool IsUntyped)> _objects = [];
    private readonly List<IReadOnlyList<string>> _removed = [];
    private readonly List<string> _serverChanges = [];
    private OwnedFields? _owned;
    private bool _needsApply;

    private DriftWalk(KubeObject desired, KubeObject observed, DriftRules rules)
    {
        _kind = desired.Text("kind") ?? "";
        _observed = observed;
        _rules = rules;
        _shared = desired.Shared.Path.Count > 0 ? desired.Shared.Path : observed.Shared.Path;
    }

    /// <summary>The drift, and those of the differences that may be the server's doing.</summary>
    public static (Drift Drift, IReadOnlyList<string> ServerChanges) Compare(KubeObject desired, KubeObject observed, DriftRules rules)
    {
        var walk = new DriftWalk(desired, observed, rules);
        walk.CompareRoots(desired, observed);
        while (walk._objects.TryPop(out var next))
        {
            walk.CompareFields(next.Path, next.Desired, next.Observed, next.IsUntyped);
        }

        return (
            new Drift(walk._needsApply, walk._removed.Count == 0 ? FieldRemoval.None : new FieldRemoval(walk._removed)),
            walk._serverChanges);
    }

    private void CompareRoots(KubeObject desired, KubeObject observed)
    {
        foreach (var root in desired.OwnJson.EnumerateObject())
        {
            if (root.NameEquals("metadata"))
            {
                _needsApply |= !_rules.IgnoresMetadata && !Metadata.IsApplied(root.Value, observed.OwnJson);
            }
            else if (!root.NameEquals("apiVersion") && !root.NameEquals("kind"))
            {
                var there = observed.OwnJson.TryGetProperty(root.Name, out var found) ? found : (JsonElement?)null;
                CompareValues(new FieldPath(null, root.Name), root.Value, there, isUntyped: false);
            }
        }

        if (_shared.Count > 0 && !desired.Shared.IsSame(observed.Shared))
        {
            var path = _shared.Aggregate((FieldPath?)null, (above, name) => new FieldPath(above, name))!;
            CompareOptional(path, PartOf(desired), PartOf(observed), isUntyped: true);
        }
    }

    private JsonElement? PartOf(KubeObject subject)
    {
        if (subject.Shared.Path.Count > 0)
        {
            return subject.Shared.Value;
        }

        var at = subject.OwnJson;
        foreach (var step in _shared)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }

        return at;
    }

    private void CompareFields(FieldPath path, JsonElement desired, JsonElement observed, bool isUntyped)
    {
        var wanted = JsonComparison.FieldsOf(desired);
        var seen = JsonComparison.FieldsOf(observed);
        foreach (var field in desired.EnumerateObject())
        {
            var name = field.Name;
            if (!IsShared(path, name))
            {
                CompareValues(new FieldPath(path, name), field.Value, seen(name), isUntyped);
            }
        }

        foreach (var field in observed.EnumerateObject())
        {
            var name = field.Name;
            if (wanted(name) is null && !IsShared(path, name))
            {
                RemoveSurplus(new FieldPath(path, name), field.Value, isUntyped);
            }
        }
    }

    private bool IsShared(FieldPath path, string name) =>
        path.Depth == _shared.Count - 1 && name == _shared[^1] && new FieldPath(path, name).Is(_shared);

    private void CompareOptional(FieldPath path, JsonElement? desired, JsonElement? observed, bool isUntyped)
    {
        if (desired is { } wanted)
        {
            CompareValues(path, wanted, observed, isUntyped);
        }
        else if (observed is { } surplus)
        {
            RemoveSurplus(path, surplus, isUntyped);
        }
    }

    private void CompareValues(FieldPath path, JsonElement desired, JsonElement? observed, bool isUntyped)
    {
        if (observed is not { } seen)
        {
            ApplyUnless(IsNothing(desired) ? [ServerChanges.NotKept(_kind, path)] : []);
        }
        else if (desired.ValueKind == JsonValueKind.Object && seen.ValueKind == JsonValueKind.Object)
        {
            _objects.Push((path, desired, seen, isUntyped || _rules.Untyped.Any(path.Is)));
        }
        else if (!JsonComparison.AreEqual(desired, seen))
        {
            var isExtendedList = desired.ValueKind == JsonValueKind.Array && JsonComparison.IsExtended(desired, seen);
            ApplyUnless(isExtendedList ? [ServerChanges.Filled(_kind, path, seen)] : []);

            // Not every server replaces a map or list by null, or by a value of another type, when that is applied.
            if (desired.ValueKind != seen.ValueKind
                && (desired.ValueKind == JsonValueKind.Null || seen.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
            {
                Remove(path);
            }
        }
    }

    private void ApplyUnless(IReadOnlyList<string> serverChanges)
    {
        if (serverChanges.Count == 0 || !serverChanges.All(_rules.Known.Contains))
        {
            _needsApply = true;
            _serverChanges.AddRange(serverChanges);
        }
    }

    private void RemoveSurplus(FieldPath path, JsonElement value, bool isUntyped)
    {
        if ((isUntyped || _rules.Untyped.Any(path.Is) || IsOwned(path)) && !IsFilledIn(path, value))
        {
            Remove(path);
        }
    }

    // The text of a value may be long, and is needed only where a server is known to fill in fields.
    private bool IsFilledIn(FieldPath path, JsonElement value) =>
        _rules.Known.Count > 0 && _rules.Known.Contains(ServerChanges.Filled(_kind, path, value));

    // The fields of one object come one after the other.
    private bool IsOwned(FieldPath path)
    {
        var parent = path.Parent!;
        if (_owned is null || !ReferenceEquals(_owned.Parent, parent))
        {
            var ownership = _observed.Ownership;
            _owned = new OwnedFields(parent, _rules.Open.Any(parent.Is) ? ownership.Applied : ownership.Applied.Concat(ownership.Foreign));
        }

        return _owned.Contains(path.Name);
    }

    private void Remove(FieldPath path)
    {
        _needsApply |= path.Depth > DeepestRemoval;
        _removed.Add(path.Take(Math.Min(path.Depth, DeepestRemoval)));
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    /// <summary>Labels, annotations and finalizers are shared with others; the manifest's are a part of them.</summary>
    private static class Metadata
    {
        public static bool IsApplied(JsonElement desired, JsonElement observed) => desired.EnumerateObject().All(field =>
            observed.At("metadata", field.Name) is { } seen
                ? field.NameEquals("finalizers") ? IsPart(field.Value, seen) : JsonComparison.IsExtended(field.Value, seen)
                : IsNothing(field.Value));

        private static bool IsPart(JsonElement finalizers, JsonElement seen) =>
            seen.ValueKind == JsonValueKind.Array
            && finalizers.EnumerateArray().All(finalizer => seen.EnumerateArray().Any(there => JsonElement.DeepEquals(there, finalizer)));
    }
}
