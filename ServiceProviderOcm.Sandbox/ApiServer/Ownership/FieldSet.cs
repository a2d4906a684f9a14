using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>
/// A set of fields as <c>fieldsV1</c> writes it: <c>f:name</c> is a field, <c>k:{…}</c> an item by its keys, <c>v:…</c> a value
/// in a set. Immutable.
/// </summary>
internal sealed class FieldSet
{
    /// <summary>No fields.</summary>
    public static readonly FieldSet Empty = new(false, ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal));

    /// <summary>The field itself, without children.</summary>
    public static readonly FieldSet Leaf = new(true, Empty.Children);

    private FieldSet(bool isMember, ImmutableSortedDictionary<string, FieldSet> children)
    {
        IsMember = isMember;
        Children = children;
    }

    /// <summary>Whether the field itself is in the set.</summary>
    public bool IsMember { get; }

    public ImmutableSortedDictionary<string, FieldSet> Children { get; }

    /// <summary>Whether it has no fields.</summary>
    public bool IsEmpty => !IsMember && Children.IsEmpty;

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

    /// <summary>The set of a child; empty if there is none.</summary>
    public FieldSet Child(string element) => Children.GetValueOrDefault(element, Empty);

    /// <summary>The fields in either set.</summary>
    public FieldSet Union(FieldSet other) => new(
        IsMember || other.IsMember,
        other.Children.Aggregate(
            Children, (all, child) => all.SetItem(child.Key, all.GetValueOrDefault(child.Key, Empty).Union(child.Value))));

    /// <summary>The fields in both sets.</summary>
    public FieldSet Intersection(FieldSet other) =>
        Combine((element, child) => child.Intersection(other.Child(element)), IsMember && other.IsMember);

    /// <summary>The fields that are not in the other set.</summary>
    public FieldSet Difference(FieldSet other) =>
        Combine((element, child) => child.Difference(other.Child(element)), IsMember && !other.IsMember);

    /// <summary>The fields that are neither in the other set nor children of fields in it.</summary>
    public FieldSet Without(FieldSet other) => other.IsMember
        ? Empty
        : Combine((element, child) => child.Without(other.Child(element)), IsMember);

    /// <summary>Whether both have the same fields.</summary>
    public bool Same(FieldSet other) => Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    /// <summary>The paths for messages, such as <c>.spec.items[name="a"].image</c>.</summary>
    public IEnumerable<string> Paths() => Paths("");

    private FieldSet Combine(Func<string, FieldSet, FieldSet> combine, bool isMember) =>
        Of(Children.Select(child => KeyValuePair.Create(child.Key, combine(child.Key, child.Value))), isMember);

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
