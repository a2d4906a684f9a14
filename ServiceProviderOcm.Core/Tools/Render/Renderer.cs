using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>
/// Shows what the controller would write: runs the <see cref="Planner"/> and assumes that its plans succeed, until
/// nothing is left to do. A pure function.
/// </summary>
public static class Renderer
{
    // Request access, read the control plane, install, find nothing left to do; with a reserve.
    private const int MaxRounds = 10;

    private const string KubeconfigNote =
        "spec.kubeConfig.secretRef.name stands for the Secret that the platform names when it grants the AccessRequest";

    /// <summary>Renders all OCMs, one after the other.</summary>
    public static RenderResult Render(RenderInputs inputs)
    {
        List<RenderedStep> steps = [];
        List<string> errors = [];
        List<string> notices = [];
        foreach (var source in inputs.Ocms)
        {
            if (Operation.IsIgnore(source.Manifest))
            {
                notices.Add(
                    $"{source.At}: {source.Manifest}: nothing is written, because annotation {Operation.Annotation} is \"ignore\".");
            }
            else if (TryDecide(inputs, source.Manifest, out var taken, out var error))
            {
                steps.AddRange(taken.Select(step => Rendered(source.Manifest.Key, step)));
            }
            else
            {
                errors.Add($"{source.At}: {source.Manifest}: {error.Message}{Advice(inputs, error)} ({error.Reason})");
            }
        }

        return new RenderResult(steps, errors, notices);
    }

    /// <summary>Renders one OCM.</summary>
    /// <param name="inputs">The configuration and what it refers to.</param>
    /// <param name="ocm">The OCM.</param>
    /// <param name="steps">The writes, in the order of execution.</param>
    /// <param name="error">Why it would not be installed.</param>
    internal static bool TryRender(
        RenderInputs inputs, KubeObject ocm, out IReadOnlyList<RenderedStep> steps, [NotNullWhen(false)] out ReadyStatus? error)
    {
        var isRendered = TryDecide(inputs, ocm, out var taken, out error);
        steps = [.. taken.Select(step => Rendered(ocm.Key, step))];
        return isRendered;
    }

    private static bool TryDecide(
        RenderInputs inputs, KubeObject ocm, out List<PlanStep> steps, [NotNullWhen(false)] out ReadyStatus? error)
    {
        steps = [];
        var observation = AssumedPlatform.Before(inputs, ocm);
        for (var round = 1; round <= MaxRounds; round++)
        {
            var plan = Planner.Plan(observation);
            error = plan.Status.Health == Health.Degraded ? plan.Status : null;
            if (error is not null)
            {
                return false;
            }

            var after = AssumedPlatform.After(observation, plan);
            if (after == observation)
            {
                return true;
            }

            steps.AddRange(plan.Steps);
            observation = after;
        }

        throw new UnreachableException("the plans of an OCM do not reach a fixed point");
    }

    private static string Advice(RenderInputs inputs, ReadyStatus error) =>
        error.State is OcmState.ImagePullSecretMissing or OcmState.VerificationSecretMissing
        || (error.State == OcmState.CaBundleMissing && !inputs.ConfigMaps.ContainsKey(inputs.Config.CaBundle.Name))
            ? " Pass it with -f."
            : "";

    private static RenderedStep Rendered(ObjectKey ocm, PlanStep step) => step switch
    {
        ApplyStep apply => new RenderedStep(ocm, step.Cluster.Name(), "apply", apply.Manifest.Json, NoteOn(apply)),
        PatchStep patch => new RenderedStep(ocm, step.Cluster.Name(), "patch", ContentOf(patch), Note: ""),
        _ => throw new UnreachableException($"unexpected step: {step.Description}"),
    };

    private static string NoteOn(ApplyStep apply) =>
        apply.Manifest.Json.Text("spec", "kubeConfig", "secretRef", "name") == AssumedPlatform.KubeconfigSecret ? KubeconfigNote : "";

    // The resourceVersion of the patch is meaningless here.
    private static JsonElement ContentOf(PatchStep patch)
    {
        const string Metadata = "metadata";
        var metadata = patch.Patch.At(Metadata) is { ValueKind: JsonValueKind.Object } patched ? JsonObject.Create(patched)! : [];
        metadata.Remove("resourceVersion");
        metadata.Insert(0, "name", patch.Key.Name);
        metadata.Insert(1, "namespace", patch.Key.Namespace);
        var content = new JsonObject
        {
            ["apiVersion"] = patch.Kind.ApiVersion,
            ["kind"] = patch.Kind.Kind,
            [Metadata] = metadata,
        };
        foreach (var field in patch.Patch.EnumerateObject().Where(field => !field.NameEquals(Metadata)))
        {
            content[field.Name] = JsonObject.Create(field.Value);
        }

        return KubeObject.From(content).Json;
    }
}
