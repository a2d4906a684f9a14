using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>
/// Carries plans out on an observation, as API servers would, and lets Flux and the platform do their part in between.
/// Notes what happened.
/// </summary>
/// <param name="start">The objects at the start. The control plane is observed once a plan has it in its scope.</param>
internal sealed class PlanWorld(Observation start)
{
    private const string FluxFinalizer = "finalizers.fluxcd.io";
    private const string PlatformFinalizer = "clusters.openmcp.cloud/finalizer";

    private int _version = 1000;

    public Observation Now { get; private set; } = start with { ControlPlane = ObservedControlPlane.Unknown };

    /// <summary>The objects that exist, whether the observation has them or not.</summary>
    public ObservedControlPlane ControlPlane { get; private set; } = start.ControlPlane;

    /// <summary>
    /// <c>create Kind</c>, <c>update Kind</c>, <c>delete Kind</c> by us, and <c>gone Kind</c>, in order; on the control plane
    /// <c>placed Kind</c>.
    /// </summary>
    public List<string> History { get; } = [];

    /// <summary>Plans and carries out until a plan has no steps and the others have nothing to do either.</summary>
    /// <returns>Whether that came to be within so many rounds.</returns>
    public bool Settles(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var plan = Planner.Plan(Now);
            foreach (var step in plan.Steps)
            {
                Carry(step);
            }

            var before = _version;
            OthersAct(plan.ControlPlaneScope);
            if (plan.Steps.Count == 0 && before == _version)
            {
                return true;
            }
        }

        return false;
    }

    private void Carry(PlanStep step)
    {
        switch (step)
        {
            case ApplyStep apply:
                History.Add($"{(Find(step) is null ? "create" : "update")} {NameOf(step)}");
                Set(step, Applied(Find(step), apply.Manifest));
                break;
            case PatchStep patch when Find(step) is { } before:
                History.Add($"update {NameOf(step)}");
                Set(step, Patched(before, patch));
                break;
            case DeleteStep when Find(step) is { } before:
                History.Add($"delete {NameOf(step)}");
                Set(step, Finalized(Next(before.IsBeingDeleted ? before : before.BeingDeleted())));
                break;
        }
    }

    private KubeObject Applied(KubeObject? before, KubeObject manifest)
    {
        var merged = (JsonObject)JsonNode.Parse((before?.Json ?? manifest.Json).GetRawText())!;
        foreach (var path in before?.Ownership.Applied.Except(Json.Leaves(manifest.Json), Paths.Equal) ?? [])
        {
            if (!before!.Ownership.Foreign.Contains(path, Paths.Equal))
            {
                Paths.Remove(merged, path);
            }
        }

        var finalizers = (before?.Finalizers ?? []).Union(manifest.Finalizers).ToArray();
        merged = (JsonObject)MergePatch.Apply(merged, JsonNode.Parse(manifest.Json.GetRawText()))!;
        merged["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]);
        var owned = Json.Leaves(manifest.Json);
        var foreign = (before?.Ownership.Foreign ?? []).Except(owned, Paths.Equal).ToList();
        var applied = new KubeObject(JsonSerializer.SerializeToElement(merged), new FieldOwnership(owned, foreign));
        if (before is null)
        {
            applied = applied.Patched($$"""{ "metadata": { "uid": "uid-{{_version}}", "generation": 1 } }""");
        }

        return before is not null && JsonElement.DeepEquals(before.Json, applied.Json) ? before : Next(applied, changesState: before is not null);
    }

    private KubeObject? Patched(KubeObject before, PatchStep step)
    {
        var patched = before.Patched(JsonObject.Create(step.Patch)!);
        if (step.Kind == PlatformKinds.OciRepository && patched.Json.At("spec", "timeout") is null)
        {
            patched = patched.Patched("""{ "spec": { "timeout": "60s" } }""");
        }

        Now = Now with
        {
            ServerDefaults = Now.ServerDefaults.Concat(ServerChanges.NotRemoved(step.Kind.Kind, step.Patch, patched.Json)).ToHashSet(),
        };
        return Finalized(Next(patched, changesState: step.Patch.At("spec") is not null));
    }

    private KubeObject Next(KubeObject changed, bool changesState = false)
    {
        _version++;
        return changed.Patched(
            $$"""{ "metadata": { "resourceVersion": "{{_version}}", "generation": {{changed.Generation + (changesState ? 1 : 0)}} } }""");
    }

    private static KubeObject? Finalized(KubeObject held) => held.IsBeingDeleted && held.Finalizers.Count == 0 ? null : held;

    private void OthersAct(ControlPlaneScope scope)
    {
        Now = Now with
        {
            AccessRequest = PlatformActs(Now.AccessRequest),
            OciRepository = FluxActs(Now.OciRepository),
            HelmRelease = FluxActs(Now.HelmRelease),
        };
        if (scope.HasFlag(ControlPlaneScope.UserObjects) && Now.UserObjects.Status != ObservationStatus.Known)
        {
            _version++;
            Now = Now with { UserObjects = ObservedUserObjects.Of() };
        }

        if (scope != ControlPlaneScope.Unchanged && scope.HasFlag(ControlPlaneScope.ManagedObjects) != Now.ControlPlane.IsKnown)
        {
            _version++;
            Now = Now with { ControlPlane = scope.HasFlag(ControlPlaneScope.ManagedObjects) ? ControlPlane : ObservedControlPlane.Unknown };
        }
    }

    private static string NameOf(PlanStep step) =>
        step.Cluster == TargetCluster.ControlPlane ? $"placed {step.Kind.Kind}" : step.Kind.Kind;

    private KubeObject? PlatformActs(KubeObject? request)
    {
        if (request is null)
        {
            return null;
        }

        if (request.IsBeingDeleted)
        {
            return request.Finalizers.Contains(PlatformFinalizer) ? Noted(Finalized(Next(Without(request, PlatformFinalizer))), "AccessRequest") : request;
        }

        var answered = request.Finalizers.Contains(PlatformFinalizer) ? request : With(request, PlatformFinalizer);
        return Changed(request, AccessGrant.IsGranted(answered) ? answered : answered.Granted());
    }

    private KubeObject? FluxActs(KubeObject? fluxObject)
    {
        if (fluxObject is null)
        {
            return null;
        }

        return fluxObject.IsBeingDeleted
            ? Noted(Finalized(Next(Without(fluxObject, FluxFinalizer))), fluxObject.Json.Text("kind")!)
            : Changed(fluxObject, (fluxObject.Finalizers.Contains(FluxFinalizer) ? fluxObject : With(fluxObject, FluxFinalizer)).FluxReady());
    }

    private KubeObject Changed(KubeObject before, KubeObject after) =>
        JsonElement.DeepEquals(before.Json, after.Json) ? before : Next(after);

    private KubeObject? Noted(KubeObject? left, string kind)
    {
        if (left is null)
        {
            History.Add($"gone {kind}");
        }

        return left;
    }

    private static KubeObject With(KubeObject before, string finalizer) => WithFinalizers(before, [.. before.Finalizers, finalizer]);

    private static KubeObject Without(KubeObject before, string finalizer) =>
        WithFinalizers(before, [.. before.Finalizers.Where(present => present != finalizer)]);

    private static KubeObject WithFinalizers(KubeObject before, string[] finalizers) =>
        before.Patched($$"""{ "metadata": { "finalizers": {{JsonSerializer.Serialize(finalizers)}} } }""");

    private KubeObject? Find(PlanStep step) => (step.Cluster, step.Kind.Kind) switch
    {
        (TargetCluster.ControlPlane, "Namespace") => ControlPlane.Namespace,
        (TargetCluster.ControlPlane, "ConfigMap") => ControlPlane.ConfigMaps.SingleOrDefault(there => there.Key == step.Key),
        (TargetCluster.ControlPlane, _) => ControlPlane.Secrets.SingleOrDefault(there => there.Key == step.Key),
        (_, "OCM") => Now.Ocm,
        (_, "AccessRequest") => Now.AccessRequest,
        (_, "OCIRepository") => Now.OciRepository,
        (_, "HelmRelease") => Now.HelmRelease,
        _ => Now.SecretCopies.SingleOrDefault(copy => copy.Key == step.Key),
    };

    private void Set(PlanStep step, KubeObject? after)
    {
        Noted(after, NameOf(step));
        if (step.Cluster == TargetCluster.ControlPlane)
        {
            ControlPlane = step.Kind.Kind switch
            {
                "Namespace" => ControlPlane with { Namespace = after },
                "ConfigMap" => ControlPlane with { ConfigMaps = Replaced(ControlPlane.ConfigMaps, step, after) },
                _ => ControlPlane with { Secrets = Replaced(ControlPlane.Secrets, step, after) },
            };
            Now = Now with { ControlPlane = ControlPlane };
            return;
        }

        Now = step.Kind.Kind switch
        {
            "OCM" => Now with { Ocm = after },
            "AccessRequest" => Now with { AccessRequest = after },
            "OCIRepository" => Now with { OciRepository = after },
            "HelmRelease" => Now with { HelmRelease = after },
            _ => Now with { SecretCopies = Replaced(Now.SecretCopies, step, after) },
        };
    }

    private static IReadOnlyList<KubeObject> Replaced(IReadOnlyList<KubeObject> before, PlanStep step, KubeObject? after) =>
        [.. before.Where(there => there.Key != step.Key), .. after is null ? Array.Empty<KubeObject>() : [after]];
}
