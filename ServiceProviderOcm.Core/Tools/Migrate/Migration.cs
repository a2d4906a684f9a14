using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>
/// Moves all OCMs and the ProviderConfig to another API group, without reinstalling anything. It may be interrupted at any point and run
/// again, with or without the controller.
/// </summary>
/// <param name="from">The provider in the old group.</param>
/// <param name="to">The provider in the new group.</param>
/// <param name="platform">The platform cluster. Objects must be read as a whole.</param>
/// <param name="onboarding">The onboarding cluster. Objects must be read as a whole.</param>
/// <param name="connector">Connects to control planes.</param>
/// <param name="installDefinitionsAsync">Installs the definitions of the new group.</param>
/// <param name="time">Clock.</param>
public sealed class Migration(
    Identity from,
    Identity to,
    IKubernetesApi platform,
    IKubernetesApi onboarding,
    KubeconfigConnector connector,
    Func<CancellationToken, Task> installDefinitionsAsync,
    TimeProvider time)
{
    private readonly MigrationPlanner _planner = new(from, to);
    private readonly MigrationReader _reader = new(from, to, platform, onboarding, connector);
    private readonly ObjectKey _name = ObjectKey.ClusterScoped(from.ProviderName);

    /// <summary>How often the clusters are read while others work.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is next for each OCM (read-only).</summary>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    /// <exception cref="MigrationException">The groups cannot be migrated.</exception>
    public async Task<IReadOnlyList<TenantMigration>> CheckAsync(CancellationToken cancellationToken)
    {
        await ConfigAsync(cancellationToken);
        return [.. (await _reader.ReadAsync(cancellationToken)).Select(_planner.Plan)];
    }

    /// <summary>Migrates, and waits until the old objects are gone.</summary>
    /// <param name="timeout">How long to wait without progress.</param>
    /// <param name="onProgress">Called with what was done and what is waited for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What is left of each OCM; all are done if the migration is complete.</returns>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    /// <exception cref="MigrationException">The groups cannot be migrated.</exception>
    public async Task<IReadOnlyList<TenantMigration>> RunAsync(
        TimeSpan timeout, Action<string> onProgress, CancellationToken cancellationToken)
    {
        var config = await ConfigAsync(cancellationToken);
        await installDefinitionsAsync(cancellationToken);
        await RegisterAsync(resources => MigrationRegistration.Adding(resources, to.Api), cancellationToken);
        if (config.Copy is { } copy)
        {
            await CreateAsync(to.Api.ProviderConfig, copy, cancellationToken);
            onProgress($"Created ProviderConfig \"{_name.Name}\" ({to.Api.Group})");
        }

        var progress = time.GetTimestamp();
        for (HashSet<string> said = []; ;)
        {
            var tenants = await _reader.ReadAsync(cancellationToken);
            IReadOnlyList<TenantMigration> plans = [.. tenants.Select(_planner.Plan)];
            if (plans.All(plan => plan.State == MigrationState.Done))
            {
                await FinishAsync(tenants, cancellationToken);
                return plans;
            }

            foreach (var (tenant, plan) in tenants.Zip(plans).Where(each => each.Second.Steps.Count > 0))
            {
                progress = await ApplyAsync(tenant, plan, onProgress, cancellationToken) ? time.GetTimestamp() : progress;
            }

            if (plans.Any(plan => plan.Steps.Count > 0))
            {
                continue;
            }

            if (time.GetElapsedTime(progress) >= timeout || plans.All(plan => plan.State is MigrationState.Done or MigrationState.Blocked))
            {
                return plans;
            }

            foreach (var plan in plans.Where(plan => plan.Message.Length > 0 && said.Add(plan.Message)))
            {
                onProgress(plan.Message);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    // Something may have changed since it was read; then the next plan is another one.
    private async Task<bool> ApplyAsync(
        TenantObjects tenant, TenantMigration plan, Action<string> onProgress, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Steps)
        {
            try
            {
                if (step.Cluster == TargetCluster.ControlPlane)
                {
                    await _reader.ConnectAsync(tenant.OldAccess!, api => ExecuteAsync(api, tenant, step, cancellationToken), cancellationToken);
                }
                else
                {
                    await ExecuteAsync(step.Cluster == TargetCluster.Onboarding ? onboarding : platform, tenant, step, cancellationToken);
                }

                onProgress(step.Description);
            }
            catch (KubernetesApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                return false;
            }
        }

        return true;
    }

    private static Task<bool> ExecuteAsync(IKubernetesApi api, TenantObjects tenant, PlanStep step, CancellationToken cancellationToken) =>
        new PlanExecutor((_, _) => new StepTarget(api, Store: null)).ExecuteAsync(tenant.Ocm, step, cancellationToken);

    private async Task FinishAsync(IReadOnlyList<TenantObjects> tenants, CancellationToken cancellationToken)
    {
        await RegisterAsync(resources => MigrationRegistration.Replacing(resources, from.Api, to.Api), cancellationToken);
        if (await platform.FindAsync(from.Api.ProviderConfig, _name, cancellationToken) is { IsBeingDeleted: false } config)
        {
            await platform.DeleteAsync(from.Api.ProviderConfig, _name, new DeleteRequest(Uid: config.Uid), cancellationToken);
        }

        var mark = new JsonObject { ["annotations"] = new JsonObject { [ObjectNames.MigrationAnnotation(to.Api)] = null } };
        var patch = new JsonObject { ["metadata"] = mark }.ToElement();
        foreach (var copy in tenants.Select(tenant => tenant.New).OfType<KubeObject>().Where(copy => MigrationMarks.HasArrived(copy, to.Api)))
        {
            await UnlessGoneAsync(() => onboarding.MergePatchAsync(to.Api.Ocm, copy.Key, patch, subresource: null, cancellationToken));
        }

        static async Task UnlessGoneAsync(Func<Task> writeAsync)
        {
            try
            {
                await writeAsync();
            }
            catch (KubernetesApiException exception) when (exception.IsNotFound)
            {
                // Deleted meanwhile.
            }
        }
    }

    private async Task<(KubeObject? Source, KubeObject? Copy)> ConfigAsync(CancellationToken cancellationToken)
    {
        var source = await platform.FindAsync(from.Api.ProviderConfig, _name, cancellationToken);
        var copy = await platform.FindAsync(to.Api.ProviderConfig, _name, cancellationToken);
        return (source, copy) switch
        {
            (null, _) => (null, null),
            ({ } found, null) => (found, MigrationCopies.OfProviderConfig(from.Api, to.Api, found)),
            ({ } found, { } other) when MigrationPlanner.HaveSameSpec(found, other) => (found, null),
            _ => throw new MigrationException(
                $"ProviderConfig \"{_name.Name}\" exists in both groups with different specs. Make them equal, or delete one."),
        };
    }

    private async Task CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken)
    {
        try
        {
            await platform.CreateAsync(kind, manifest, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsAlreadyExists)
        {
            // Created meanwhile; if it differs, the next run says so.
        }
    }

    // Where openmcp-operator does not run, there is no ServiceProvider.
    private async Task RegisterAsync(Func<KubeObject, JsonObject?> statusOf, CancellationToken cancellationToken)
    {
        if (await platform.FindAsync(PlatformKinds.ServiceProvider, _name, cancellationToken) is { } provider && statusOf(provider) is { } status)
        {
            await platform.MergePatchAsync(
                PlatformKinds.ServiceProvider, _name, new JsonObject { ["status"] = status }.ToElement(), "status", cancellationToken);
        }
    }
}
