using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Ownership;

/// <summary>
/// A set of fields as <c>fieldsV1</c> writes it: <c>f:name</c> is a field, <c>k:{…}</c> an item by its keys, <c>v:…</c> a value
/// in a set. Immutable.
/// </summary>
internal sealed class FieldSet
{
    /// <summary>No fields.</summary>
    public static readonly FieldSet Empty = new(false, ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal));

    /// <summary>The field itself, and nothing below it.</summary>
    public static readonly FieldSet Leaf = new(true, Empty.Children);

    private FieldSet(bool isMember, ImmutableSortedDictionary<string, FieldSet> children)
    {
        IsMember = isMember;
        Children = children;
    }

    /// <summary>Whether the field itself is in the set.</summary>
    public bool IsMember { get; }

    /// <summary>What is in the set below the field.</summary>
    public ImmutableSortedDictionary<string, FieldSet> Children { get; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => !IsMember && Children.IsEmpty;

    /// <summary>A set of what is below a field.</summary>
    public static FieldSet Of(IEnumerable<KeyValuePair<string, FieldSet>> children, bool isMember = false) =>
        new(isMember, Empty.Children.AddRange(children.Where(child => !child.Value.IsEmpty)));

    /// <summary>Reads <c>fieldsV1</c>.</summary>
    public static FieldSet Parse(JsonElement fields)
    {
        var children = fields.EnumerateObject().ToList();
        return children.Count == 0
            ? Leaf
            : Of(
                children.Where(child => child.Name != ".").Select(child => KeyValuePair.Create(child.Name, Parse(child.Value))),
                children.Exists(child => child.Name == "."));
    }

    /// <summary>Writes <c>fieldsV1</c>.</summary>
    public JsonObject ToFieldsV1()
    {
        var fields = new JsonObject();
        if (IsMember && !Children.IsEmpty)
        {
            fields["."] = new JsonObject();
        }

        foreach (var (element, child) in Children)
        {
            fields[element] = child.ToFieldsV1();
        }

        return fields;
    }

    /// <summary>What is below a field; empty where there is nothing.</summary>
    public FieldSet Child(string element) => Children.GetValueOrDefault(element, Empty);

    /// <summary>What is in either.</summary>
    public FieldSet Union(FieldSet other) => new(
        IsMember || other.IsMember,
        other.Children.Aggregate(
            Children, (all, child) => all.SetItem(child.Key, all.GetValueOrDefault(child.Key, Empty).Union(child.Value))));

    /// <summary>What is in both.</summary>
    public FieldSet Intersection(FieldSet other) =>
        Of(Children.Select(child => KeyValuePair.Create(child.Key, child.Value.Intersection(other.Child(child.Key)))), IsMember && other.IsMember);

    /// <summary>What is in this, but not in the other.</summary>
    public FieldSet Difference(FieldSet other) =>
        Of(Children.Select(child => KeyValuePair.Create(child.Key, child.Value.Difference(other.Child(child.Key)))), IsMember && !other.IsMember);

    /// <summary>What is in this, but neither in the other nor below something in the other.</summary>
    public FieldSet Without(FieldSet other) => other.IsMember
        ? Empty
        : Of(Children.Select(child => KeyValuePair.Create(child.Key, child.Value.Without(other.Child(child.Key)))), IsMember);

    /// <summary>Whether both have the same fields.</summary>
    public bool Same(FieldSet other) => Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    /// <summary>The paths as messages write them, such as <c>.spec.items[name="a"].image</c>.</summary>
    public IEnumerable<string> Paths() => Paths("");

    private IEnumerable<string> Paths(string path) =>
        (IsMember ? [path] : Enumerable.Empty<string>()).Concat(Children.SelectMany(child => child.Value.Paths(path + Shown(child.Key))));

    private static string Shown(string element) => element[0] switch
    {
        'f' => $".{element[2..]}",
        'k' => $"[{string.Join(',', Nodes.Parse(element[2..])!.AsObject().Select(key => $"{key.Key}={key.Value?.ToJsonString()}"))}]",
        'v' => $"[={element[2..]}]",
        _ => $"[{element[2..]}]",
    };
}
