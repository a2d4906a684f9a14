using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for Services. They get addresses that lead nowhere.</summary>
internal sealed class ServiceRules : IKindRules
{
    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before)
    {
        now.Child("status").Child("loadBalancer");
        if (now["spec"] is not JsonObject spec)
        {
            return;
        }

        foreach (var port in spec.Objects("ports"))
        {
            port["targetPort"] ??= port["port"]?.DeepClone();
        }

        if (spec.Text("type") != "ExternalName")
        {
            spec["clusterIP"] ??= before.Text("spec", "clusterIP") ?? $"10.0.0.{RandomNumberGenerator.GetInt32(2, 255)}";
            spec["clusterIPs"] ??= new JsonArray(spec.Text("clusterIP"));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        var isExternal = now.Text("spec", "type") == "ExternalName";
        var isHeadless = now.Text("spec", "clusterIP") == "None";
        var ports = now.Objects("spec", "ports").ToList();
        if (ports.Count == 0 && !isExternal && !isHeadless)
        {
            yield return FieldError.Required("spec.ports");
        }

        if (isExternal && now.Text("spec", "externalName") is null or "")
        {
            yield return FieldError.Required("spec.externalName");
        }

        for (var index = 0; index < ports.Count; index++)
        {
            if (ports[index].Number("port") is < 1 or > 65535)
            {
                yield return FieldError.Invalid($"spec.ports[{index}].port", ports[index]["port"], "must be between 1 and 65535, inclusive");
            }

            if (ports.Count > 1 && ports[index].Text("name") is null or "")
            {
                yield return FieldError.Required($"spec.ports[{index}].name");
            }
        }

        if (before.Text("spec", "clusterIP") is { } address && !isExternal && now.Text("spec", "clusterIP") != address)
        {
            yield return FieldError.Invalid("spec.clusterIP", now.At("spec", "clusterIP"), "field is immutable");
        }
    }
}
