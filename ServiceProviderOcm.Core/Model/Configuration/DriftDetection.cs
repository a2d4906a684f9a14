using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>How Flux corrects drift of what a chart has installed on a control plane: <c>spec.driftDetection</c> of a HelmRelease.</summary>
public sealed class DriftDetection
{
    private const string Path = "spec.driftDetection";

    private static readonly string[] Modes = ["disabled", "warn", "enabled"];
    private static readonly string[] TargetFields =
        ["group", "version", "kind", "name", "namespace", "annotationSelector", "labelSelector"];

    private readonly JsonElement _json;

    private DriftDetection(JsonObject json) => _json = json.ToElement();

    /// <summary>The field of a HelmRelease.</summary>
    public JsonObject ToJson() => JsonObject.Create(_json)!;

    /// <summary>Reads the field of a ProviderConfig's spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>Null if there is none, or if there are errors.</returns>
    internal static DriftDetection? Read(JsonElement spec, out IReadOnlyList<ConfigIssue> errors)
    {
        errors = [];
        if (spec.At("driftDetection") is not { } given)
        {
            return null;
        }

        errors = [.. Errors(given)];
        if (errors.Count > 0)
        {
            return null;
        }

        var json = new JsonObject { ["mode"] = given.Text("mode") };
        if (given.At("ignore") is not null)
        {
            json["ignore"] = new JsonArray([.. given.Items("ignore").Select(Rule)]);
        }

        return new DriftDetection(json);
    }

    private static IEnumerable<ConfigIssue> Errors(JsonElement given)
    {
        if (!Modes.Contains(given.Text("mode")))
        {
            yield return new ConfigIssue($"{Path}.mode", $"must be {string.Join(", ", Modes[..^1])} or {Modes[^1]}");
        }

        if (given.At("ignore") is { ValueKind: not JsonValueKind.Array })
        {
            yield return new ConfigIssue($"{Path}.ignore", "must be a list of rules");
        }

        foreach (var (index, rule) in given.Items("ignore").Index())
        {
            var path = $"{Path}.ignore[{index}]";
            var pointers = rule.Items("paths").ToList();
            if (pointers.Count == 0 || !pointers.TrueForAll(IsPointer))
            {
                yield return new ConfigIssue($"{path}.paths", "must be a list of JSON pointers, such as /spec/replicas");
            }

            if (rule.At("target") is { } target && !IsTarget(target))
            {
                yield return new ConfigIssue($"{path}.target", $"must be an object with texts in {string.Join(", ", TargetFields)}");
            }
        }
    }

    // Flux takes an empty pointer for the whole object.
    private static bool IsPointer(JsonElement pointer) =>
        pointer.ValueKind == JsonValueKind.String && pointer.Text() is "" or ['/', ..];

    private static bool IsTarget(JsonElement target) => target.ValueKind == JsonValueKind.Object
        && target.EnumerateObject().All(field => TargetFields.Contains(field.Name) && field.Value.ValueKind == JsonValueKind.String);

    private static JsonNode Rule(JsonElement rule)
    {
        var json = new JsonObject { ["paths"] = JsonArray.Create(rule.At("paths")!.Value) };
        if (rule.At("target") is { } target)
        {
            json["target"] = JsonObject.Create(target);
        }

        return json;
    }
}
