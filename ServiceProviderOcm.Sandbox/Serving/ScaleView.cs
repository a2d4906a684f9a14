using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>The subresource <c>scale</c>: an object of its own, made from one of any kind that has replicas.</summary>
internal static class ScaleView
{
    /// <summary>What the subresource is called.</summary>
    public const string Subresource = "scale";

    /// <summary>The scale of an object.</summary>
    public static JsonObject Of(ScalePaths paths, JsonObject subject)
    {
        var metadata = new JsonObject();
        foreach (var field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            metadata[field] = subject.At("metadata", field)?.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = subject.Number(paths.Present) ?? 0 };
        var selector = paths.Selector is null ? null : subject.At(paths.Selector);
        if (selector is JsonObject labels)
        {
            status["selector"] = string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"));
        }
        else if (selector.Text() is { } text)
        {
            status["selector"] = text;
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = subject.Number(paths.Wanted) ?? 0 },
            ["status"] = status,
        };
    }

    /// <summary>An object with the number of replicas that its changed scale wants.</summary>
    /// <exception cref="StatusException">That is no number of replicas.</exception>
    public static JsonObject Scaled(ScalePaths paths, JsonObject subject, JsonObject scale)
    {
        var replicas = scale.Number("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            throw Refusals.Invalid("autoscaling", "Scale", subject.Text("metadata", "name") ?? "",
                [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }

        var scaled = subject.Copy();
        var parent = paths.Wanted[..^1].Aggregate(scaled, (node, step) => node.Child(step));
        parent[paths.Wanted[^1]] = replicas;
        if (scale.Text("metadata", "resourceVersion") is { } version)
        {
            scaled.Child("metadata")["resourceVersion"] = version;
        }

        return scaled;
    }
}
