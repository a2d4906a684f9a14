using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>
/// Shows what the controller would write: has the <see cref="Planner"/> decide and takes its plans for carried out, until
/// there is nothing left to do. A pure function.
/// </summary>
public static class Renderer
{
    // Asking for access, looking at the control plane, installing, and finding that there is nothing left to do; and some to spare.
    private const int MaxRounds = 10;

    private const string KubeconfigNote =
        "spec.kubeConfig.secretRef.name stands for the Secret that the platform names when it grants the AccessRequest";

    /// <summary>Renders all OCMs, one after the other.</summary>
    public static Rendition Render(RenderInputs inputs)
    {
        List<RenderedStep> steps = [];
        List<string> faults = [];
        List<string> remarks = [];
        foreach (var source in inputs.Ocms)
        {
            if (Operation.IsIgnore(source.Manifest))
            {
                remarks.Add(
                    $"{source.At}: {source.Manifest}: nothing would be written, since its annotation {Operation.Annotation} says \"ignore\".");
            }
            else if (Decide(inputs, source.Manifest, out var fault) is { } taken)
            {
                steps.AddRange(taken.Select(step => Rendered(source.Manifest.Key, step)));
            }
            else
            {
                faults.Add($"{source.At}: {source.Manifest}: {fault!.Message}{Advice(inputs, fault)} ({fault.Reason})");
            }
        }

        return new Rendition(steps, faults, remarks);
    }

    private static List<PlanStep>? Decide(RenderInputs inputs, KubeObject ocm, out Verdict? fault)
    {
        List<PlanStep> steps = [];
        var observation = AssumedPlatform.Before(inputs, ocm);
        for (var round = 1; round <= MaxRounds; round++)
        {
            var plan = Planner.Plan(observation);
            fault = plan.Verdict is { Severity: Severity.Fault } ? plan.Verdict : null;
            if (fault is not null)
            {
                return null;
            }

            var after = AssumedPlatform.After(observation, plan);
            if (after == observation)
            {
                return steps;
            }

            steps.AddRange(plan.Steps);
            observation = after;
        }

        throw new UnreachableException("the plans for an OCM come to no end");
    }

    private static string Advice(RenderInputs inputs, Verdict fault) =>
        fault.Reason == Reasons.ImagePullSecretMissing
        || (fault.Reason == Reasons.CaBundleMissing && !CaBundle.ReferredConfigMaps(inputs.ProviderConfig).All(inputs.ConfigMaps.ContainsKey))
            ? " Pass it with -f."
            : "";

    private static RenderedStep Rendered(ObjectKey ocm, PlanStep step) => step switch
    {
        ApplyStep apply => new RenderedStep(ocm, Failures.NameOf(step.Cluster), "apply", apply.Manifest.Json, NoteOn(apply)),
        PatchStep patch => new RenderedStep(ocm, Failures.NameOf(step.Cluster), "patch", ContentOf(patch), Note: null),
        _ => throw new UnreachableException($"unexpected step: {step.Description}"),
    };

    private static string? NoteOn(ApplyStep apply) =>
        apply.Manifest.Json.Text("spec", "kubeConfig", "secretRef", "name") == AssumedPlatform.KubeconfigSecret ? KubeconfigNote : null;

    // The version that a patch holds for is that of the moment, and means nothing here.
    private static JsonElement ContentOf(PatchStep patch)
    {
        var content = new JsonObject { ["apiVersion"] = patch.Kind.ApiVersion, ["kind"] = patch.Kind.Kind };
        foreach (var field in patch.Patch.EnumerateObject())
        {
            content[field.Name] = JsonObject.Create(field.Value);
        }

        var metadata = content["metadata"]!.AsObject();
        metadata.Remove("resourceVersion");
        metadata.Insert(0, "name", patch.Key.Name);
        metadata.Insert(1, "namespace", patch.Key.Namespace);
        return KubeObject.From(content).Json;
    }
}
