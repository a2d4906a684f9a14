using System.Collections.Immutable;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Planning;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Apply;

/// <summary>Carries out the steps of plans, and lets the stores know at once what the servers have answered.</summary>
public sealed class PlanExecutor(
    IReadOnlyDictionary<TargetCluster, IKubernetesApi> clusters, Func<TargetCluster, ResourceKind, Store?> storeOf)
{
    private ImmutableHashSet<string> _serverDefaults = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Fields, with their values, that a server has filled in again right where we removed them: defaults, not worth another try.</summary>
    public IReadOnlySet<string> ServerDefaults => _serverDefaults;

    /// <summary>Carries out one step.</summary>
    /// <returns>Whether anything has changed.</returns>
    /// <exception cref="KubernetesApiException">The server refuses or cannot be reached.</exception>
    public async Task<bool> ExecuteAsync(PlanStep step, CancellationToken cancellationToken)
    {
        var api = clusters[step.Cluster];
        var store = storeOf(step.Cluster, step.Kind);
        return step switch
        {
            ApplyStep apply => Remember(store, await api.ApplyAsync(apply.Kind, apply.Manifest, cancellationToken)),
            PatchStep patch => await PatchAsync(api, store, patch, cancellationToken),
            DeleteStep delete => await DeleteAsync(api, store, delete, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "unknown step"),
        };
    }

    private static bool Remember(Store? store, KubeObject written)
    {
        var isNews = store?.Get(written.Key)?.ResourceVersion != written.ResourceVersion;
        store?.Remember(written);
        return isNews;
    }

    private static async Task<bool> DeleteAsync(IKubernetesApi api, Store? store, DeleteStep step, CancellationToken cancellationToken)
    {
        try
        {
            var request = new DeleteRequest(Uid: step.Observed.Uid);
            if (await api.DeleteAsync(step.Kind, step.Key, request, cancellationToken) is { } remaining)
            {
                return Remember(store, remaining);
            }
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            // Gone already.
        }

        store?.Forget(step.Observed);
        return true;
    }

    private async Task<bool> PatchAsync(IKubernetesApi api, Store? store, PatchStep step, CancellationToken cancellationToken)
    {
        var patched = await api.MergePatchAsync(step.Kind, step.Key, step.Patch, subresource: null, cancellationToken);

        // The data of Secrets has no defaults, and is not to be kept.
        foreach (var field in step.Kind == Kinds.Secret ? [] : Drift.NotRemoved(step.Kind.Kind, step.Patch, patched.Json))
        {
            ImmutableInterlocked.Update(ref _serverDefaults, (known, learned) => known.Add(learned), field);
        }

        return Remember(store, patched);
    }
}
