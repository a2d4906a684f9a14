using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>
/// Where two versions of a CustomResourceDefinition differ in what they accept. Descriptions do not matter, nor do validation rules
/// (CEL), which old API servers do not support.
/// </summary>
/// <param name="Path">The field, from the version on.</param>
/// <param name="IsExtra">Whether the cluster has a field that this release does not have; otherwise it is missing or different.</param>
internal sealed record SchemaDifference(string Path, bool IsExtra)
{
    private static readonly string[] Parts = ["subresources", "schema"];

    /// <summary>All differences between two entries of <c>spec.versions</c>.</summary>
    public static IReadOnlyList<SchemaDifference> Of(JsonElement wanted, JsonElement there) =>
    [
        .. Parts.SelectMany(part => (wanted.At(part), there.At(part)) switch
        {
            ({ } one, { } other) => Between(one, other, part),
            (null, null) => [],
            (_, var other) => [new SchemaDifference(part, IsExtra: other is not null)],
        }),
    ];

    private static IEnumerable<SchemaDifference> Between(JsonElement wanted, JsonElement there, string path)
    {
        if (wanted.ValueKind != JsonValueKind.Object || there.ValueKind != JsonValueKind.Object)
        {
            return JsonElement.DeepEquals(wanted, there) ? [] : [new SchemaDifference(path, IsExtra: false)];
        }

        return Keywords(wanted)
            .SelectMany(keyword => there.TryGetProperty(keyword.Name, out var other)
                ? Between(keyword.Value, other, $"{path}.{keyword.Name}")
                : [new SchemaDifference($"{path}.{keyword.Name}", IsExtra: false)])
            .Concat(Keywords(there)
                .Where(keyword => !wanted.TryGetProperty(keyword.Name, out _))
                .Select(keyword => new SchemaDifference($"{path}.{keyword.Name}", IsExtra: true)));
    }

    // A field of this name would be an object.
    private static IEnumerable<JsonProperty> Keywords(JsonElement schema) => schema.EnumerateObject().Where(keyword =>
        !(keyword.NameEquals("description") && keyword.Value.ValueKind == JsonValueKind.String)
        && !(keyword.NameEquals("x-kubernetes-validations") && keyword.Value.ValueKind == JsonValueKind.Array));
}
