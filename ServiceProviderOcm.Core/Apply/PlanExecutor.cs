using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Apply;

/// <summary>Applies the steps of plans, and updates the stores with the responses at once.</summary>
/// <param name="targetOf">Where a step of the plan for an OCM is applied.</param>
public sealed class PlanExecutor(Func<ObjectKey, PlanStep, StepTarget> targetOf)
{
    // A webhook may fill in different values for each tenant.
    private const int MostDefaults = 10_000;

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
            ApplyStep apply => RecordWrite(store, await api.ApplyAsync(apply.Kind, apply.Manifest, apply.IsForced, cancellationToken)),
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

    private async Task<bool> PatchAsync(IKubernetesApi api, Store? store, PatchStep step, CancellationToken cancellationToken)
    {
        var patched = await api.MergePatchAsync(step.Kind, step.Key, step.Patch, subresource: null, cancellationToken);

        // The data of Secrets has no defaults and must not be kept; responses of tenants' servers must not be kept, either.
        if (step.Kind != Kinds.Secret && step.Cluster != TargetCluster.ControlPlane)
        {
            foreach (var field in Drift.NotRemoved(step.Kind.Kind, step.Patch, patched.Json))
            {
                _defaults.Add(field);
            }
        }

        return RecordWrite(store, patched);
    }
}
