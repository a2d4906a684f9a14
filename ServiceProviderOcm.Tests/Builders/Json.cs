using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Changes of objects, as an API server would make them.</summary>
internal static class Json
{
    /// <summary>The object after a merge patch (RFC 7386).</summary>
    public static KubeObject Patched(this KubeObject before, string patch) => before.Patched((JsonObject)JsonNode.Parse(patch)!);

    public static KubeObject Patched(this KubeObject before, JsonObject patch) =>
        new(JsonSerializer.SerializeToElement(MergePatch.Apply(JsonObject.Create(before.Json), patch)), before.Ownership);

    public static KubeObject OwnedAs(this KubeObject before, FieldOwnership ownership) => new(before.Json, ownership);

    /// <summary>Adds fields of another field manager, below <c>spec</c> or <c>data</c>.</summary>
    public static KubeObject WithForeign(this KubeObject before, string patch)
    {
        var added = KubeObject.Parse(patch);
        return before.Patched(patch).OwnedAs(before.Ownership with { Foreign = [.. before.Ownership.Foreign, .. Leaves(added.Json)] });
    }

    /// <summary>The paths of the fields of the desired state, as <c>managedFields</c> would list them.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Leaves(JsonElement json) =>
        [.. ((string[])["spec", "data", "type"]).SelectMany(root => json.At(root) is { } at ? Below(at, [root]) : [])];

    public static string Text(JsonElement json) => json.GetRawText();

    private static IEnumerable<IReadOnlyList<string>> Below(JsonElement at, string[] path) =>
        at.ValueKind == JsonValueKind.Object && at.EnumerateObject().Any()
            ? at.EnumerateObject().SelectMany(field => Below(field.Value, [.. path, field.Name]))
            : [path];
}
