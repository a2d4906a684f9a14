using System.Net;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Apply;

/// <summary>Applies the steps of plans, and updates the stores with the responses at once.</summary>
/// <param name="targetOf">Where a step of the plan for an OCM is applied.</param>
public sealed class PlanExecutor(Func<ObjectKey, PlanStep, StepTarget> targetOf)
{
    // A webhook may fill in different values for each tenant.
    private const int MostDefaults = 10_000;

    // No object is as old as that: if there is one, the server reports a conflict, whoever manages its fields.
    private const string VersionOfNothing = "1";

    private readonly LearnedDefaults _defaults = new(MostDefaults);

    /// <summary>
    /// Fields, with their values, that a server fills in whenever they are removed: defaults, which are not removed again.
    /// </summary>
    public IReadOnlySet<string> ServerDefaults => _defaults.Known;

    /// <summary>Applies one step.</summary>
    /// <param name="ocm">The OCM of the plan.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Whether anything has changed.</returns>
    /// <exception cref="KubernetesApiException">The server rejects the request or is unreachable.</exception>
    public async Task<bool> ExecuteAsync(ObjectKey ocm, PlanStep step, CancellationToken cancellationToken)
    {
        var (api, store) = targetOf(ocm, step);
        return step switch
        {
            ApplyStep apply => await ApplyAsync(api, store, apply, cancellationToken),
            PatchStep patch => await PatchAsync(api, store, patch, cancellationToken),
            DeleteStep delete => await DeleteAsync(api, store, delete, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "unknown step"),
        };
    }

    private static bool RecordWrite(Store? store, KubeObject written)
    {
        var hasChanged = store?.Get(written.Key)?.ResourceVersion != written.ResourceVersion;
        store?.RecordWrite(written);
        return hasChanged;
    }

    private static async Task<bool> DeleteAsync(IKubernetesApi api, Store? store, DeleteStep step, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DeleteRequest(Uid: step.Observed.Uid);
            if (await api.DeleteAsync(step.Kind, step.Key, request, cancellationToken) is { } remaining)
            {
                return RecordWrite(store, remaining);
            }
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            // Already deleted.
        }

        store?.RecordDelete(step.Observed);
        return true;
    }

    private static async Task<KubeObject> CreateAsync(IKubernetesApi api, ApplyStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await api.ApplyAsync(
                step.Kind, WithMetadata(step.Manifest, "resourceVersion", VersionOfNothing), isForced: true, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsConflict)
        {
            return await AdoptAsync(api, step, exception, cancellationToken);
        }
    }

    // Objects that are watched by labels exist unseen if they lack the labels.
    private static async Task<KubeObject> AdoptAsync(
        IKubernetesApi api, ApplyStep step, KubernetesApiException conflict, CancellationToken cancellationToken)
    {
        var found = await api.FindAsync(step.Kind, step.Key, cancellationToken);
        return found is null ? throw conflict
            : ManagedObjects.IsManaged(found, ManagedObjects.Labels(step.Manifest))
                ? await api.ApplyAsync(
                    step.Kind, WithMetadata(Adopting(step.Manifest, found), "uid", found.Uid), isForced: true, cancellationToken)
            : throw new KubernetesApiException(
                (int)HttpStatusCode.Conflict, KubernetesApiException.AlreadyExists, "it exists and is not managed by this provider");
    }

    private static KubeObject Adopting(KubeObject manifest, KubeObject found)
    {
        if (!ManagedObjects.KeepsType(found))
        {
            return manifest;
        }

        var json = JsonObject.Create(manifest.OwnJson)!;
        json["type"] = found.Text("type");
        return KubeObject.From(json);
    }

    private static KubeObject WithMetadata(KubeObject manifest, string name, string value)
    {
        var json = JsonObject.Create(manifest.OwnJson)!;
        json["metadata"]![name] = value;
        return new KubeObject(json.ToElement(), shared: manifest.Shared);
    }

    private async Task<bool> ApplyAsync(IKubernetesApi api, Store? store, ApplyStep step, CancellationToken cancellationToken)
    {
        var written = step.Target switch
        {
            ApplyTarget.Missing => await CreateAsync(api, step, cancellationToken),
            ApplyTarget.Observed(var uid) =>
                await api.ApplyAsync(step.Kind, WithMetadata(step.Manifest, "uid", uid), isForced: true, cancellationToken),
            _ => await api.ApplyAsync(step.Kind, step.Manifest, isForced: false, cancellationToken),
        };
        Learn(step, () => ServerChanges.NotApplied(step.Manifest, written));
        return RecordWrite(store, written);
    }

    private async Task<bool> PatchAsync(IKubernetesApi api, Store? store, PatchStep step, CancellationToken cancellationToken)
    {
        var patch = JsonObject.Create(step.Patch)!;
        if (patch["metadata"] is not JsonObject metadata)
        {
            patch["metadata"] = metadata = [];
        }

        metadata["uid"] = step.Observed.Uid;
        var patched = await api.MergePatchAsync(step.Kind, step.Key, patch.ToElement(), subresource: null, cancellationToken);
        Learn(step, () => ServerChanges.NotRemoved(step.Kind.Kind, step.Patch, patched.Json));
        return RecordWrite(store, patched);
    }

    // The data of Secrets has no defaults and must not be kept; responses of tenants' servers must not be kept, or cost anything, either.
    private void Learn(PlanStep step, Func<IEnumerable<string>> changes)
    {
        if (step.Kind == Kinds.Secret || step.Cluster == TargetCluster.ControlPlane)
        {
            return;
        }

        foreach (var change in changes())
        {
            _defaults.Add(change);
        }
    }
}
