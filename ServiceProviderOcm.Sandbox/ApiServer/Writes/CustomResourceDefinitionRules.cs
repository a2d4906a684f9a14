using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The rules of CustomResourceDefinitions.</summary>
internal sealed class CustomResourceDefinitionRules : IKindRules
{
    /// <summary>Keeps a definition until the last object of its kind is gone.</summary>
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public void Prepare(JsonObject now, JsonObject? before)
    {
        if (now["spec"] is not JsonObject spec)
        {
            return;
        }

        if (spec["names"] is JsonObject names && names.Text("kind") is { } kind)
        {
            names["singular"] ??= kind.ToLowerInvariant();
            names["listKind"] ??= $"{kind}List";
        }

        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        spec.Remove("preserveUnknownFields");
        if (before is null)
        {
            var finalizers = now.Texts("metadata", "finalizers").Append(CleanupFinalizer).Distinct();
            now.Child("metadata")["finalizers"] = new JsonArray([.. finalizers]);
            var storage = now.Objects("spec", "versions").FirstOrDefault(version => version.IsTrue("storage")).Text("name");
            now["status"] = new JsonObject
            {
                ["acceptedNames"] = new JsonObject { ["kind"] = "", ["plural"] = "" },
                ["conditions"] = new JsonArray(),
                ["storedVersions"] = storage is null ? [] : new JsonArray(storage),
            };
        }
        else if (now.Objects("spec", "versions").FirstOrDefault(version => version.IsTrue("storage")).Text("name") is { } storage)
        {
            now.Child("status")["storedVersions"] = new JsonArray([.. now.Texts("status", "storedVersions").Append(storage).Distinct()]);
        }
    }

    public IEnumerable<FieldError> Validate(JsonObject now, JsonObject? before)
    {
        var (plural, group) = (now.Text("spec", "names", "plural"), now.Text("spec", "group"));
        if (now.Text("metadata", "name") is var name && name != $"{plural}.{group}")
        {
            yield return FieldError.Invalid("metadata.name", name, $"must be spec.names.plural+\".\"+spec.group");
        }

        var versions = now.Objects("spec", "versions").ToList();
        if (versions.Count(version => version.IsTrue("storage")) != 1)
        {
            yield return FieldError.Invalid(
                "spec.versions", now.At("spec", "versions"), "must have exactly one version marked as storage version");
        }

        for (var index = 0; index < versions.Count; index++)
        {
            if (versions[index].At("schema", "openAPIV3Schema") is not JsonObject)
            {
                yield return FieldError.Required($"spec.versions[{index}].schema.openAPIV3Schema", "schemas are required");
            }
            else if (versions[index].Text("schema", "openAPIV3Schema", "type") != "object")
            {
                yield return FieldError.Invalid(
                    $"spec.versions[{index}].schema.openAPIV3Schema.type",
                    versions[index].At("schema", "openAPIV3Schema", "type"),
                    "must be object");
            }
        }

        var stored = now.Texts("status", "storedVersions");
        for (var index = 0; index < stored.Count; index++)
        {
            if (!versions.Exists(version => version.Text("name") == stored[index]))
            {
                yield return FieldError.Invalid(
                    $"status.storedVersions[{index}]", stored[index], "missing from spec.versions; must appear");
            }
        }
    }
}
