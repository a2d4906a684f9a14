using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Report;

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
    private readonly MigrationReader _reader = new(from, to, platform, onboarding, connector);
    private readonly ObjectKey _name = ObjectKey.ClusterScoped(from.ProviderName);

    /// <summary>How often the clusters are read while others work.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is next for each OCM (read-only). OCMs of the new group that may not be listed are part of the result.</summary>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    /// <exception cref="MigrationException">The groups cannot be migrated.</exception>
    public async Task<MigrationForecast> CheckAsync(CancellationToken cancellationToken)
    {
        var planner = PlannerOf(await ConfigAsync(cancellationToken));
        var reader = new MigrationReader(from, to, platform, onboarding, connector) { MayLackCopies = true };
        var tenants = await reader.ReadAsync(cancellationToken);
        return new MigrationForecast([.. tenants.Select(planner.Plan)], reader.CopiesError);
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
        var planner = PlannerOf(config);
        await installDefinitionsAsync(cancellationToken);
        await RegisterBothAsync();
        if (config.Copy is { } copy)
        {
            await CreateAsync(to.Api.ProviderConfig, copy, cancellationToken);
            onProgress($"Created ProviderConfig \"{_name.Name}\" ({to.Api.Group})");
        }

        await MarkAsync(config.Source, from.Api, MigrationMarks.MovesTo(to.Api), cancellationToken);

        var progress = time.GetTimestamp();
        HashSet<string> taken = new(StringComparer.Ordinal);
        for (HashSet<string> said = []; ;)
        {
            var tenants = await _reader.ReadAsync(cancellationToken);
            List<TenantMigration> plans = [.. tenants.Select(planner.Plan)];
            if (plans.All(plan => plan.State == MigrationState.Done))
            {
                await FinishAsync(tenants, cancellationToken);
                return plans;
            }

            await RegisterBothAsync();
            var before = taken.Count;
            for (var index = 0; index < plans.Count; index++)
            {
                plans[index] = await ApplyAsync(tenants[index], plans[index], taken, onProgress, cancellationToken);
            }

            if (taken.Count > before)
            {
                progress = time.GetTimestamp();
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

        // In each round, as a concurrent `init` may have read the ServiceProvider or the ProviderConfig before.
        Task RegisterBothAsync() => RegisterAsync(provider => MigrationRegistration.Adding(provider, from.Api, to.Api), cancellationToken);
    }

    // Returns the plan, with a message if it has to be repeated. Something may have changed since it was read; then the next plan is another
    // one.
    private async Task<TenantMigration> ApplyAsync(
        TenantObjects tenant, TenantMigration plan, HashSet<string> taken, Action<string> onProgress, CancellationToken cancellationToken)
    {
        HashSet<string> repeated = new(plan.Steps.Select(step => Progress(plan, step)).Where(taken.Contains), StringComparer.Ordinal);
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
            }
            catch (KubernetesApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                return Waiting(plan, $"Waiting to repeat {step.Description}: {exception.Message.TrimEnd('.')}.");
            }
            catch (KubernetesApiException exception) when (step.Cluster == TargetCluster.ControlPlane)
            {
                return new TenantMigration(
                    plan.Ocm,
                    MigrationState.Blocked,
                    $"Objects on control plane \"{plan.Ocm.Name}\" must be relabelled, and {step.Description} failed: "
                        + $"{exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}",
                    []);
            }

            if (!repeated.Contains(Progress(plan, step)))
            {
                taken.Add(Progress(plan, step));
                onProgress(step.Description);
            }
        }

        return plan.Steps is [var first, ..] ? Waiting(plan, $"Waiting for {first.Description} to take effect.") : plan;
    }

    private static TenantMigration Waiting(TenantMigration plan, string message) =>
        plan.Message.Length > 0 ? plan : plan with { Message = message };

    // A step that is due again is no progress: another writer has reverted it, or the control plane answers anything. A control plane may
    // list other names each time.
    private static string Progress(TenantMigration plan, PlanStep step) =>
        $"{plan.Ocm} {plan.State} {step.Cluster} {step.Kind.Group} "
        + (step.Cluster == TargetCluster.ControlPlane ? step.Kind.Kind : step.Description);

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

    // A ProviderConfig without limits leaves what was requested before, which may be limited: the change may have reached only some OCMs.
    private MigrationPlanner PlannerOf((KubeObject? Source, KubeObject? Copy, KubeObject? Present) config)
    {
        var access = (config.Source ?? config.Present) is { } found ? InstallConfigReader.Read(from, found).Access : ControlPlaneAccess.ClusterAdmin;
        return new MigrationPlanner(from, to, ReferenceEquals(access, ControlPlaneAccess.ClusterAdmin) ? null : access);
    }

    private async Task<(KubeObject? Source, KubeObject? Copy, KubeObject? Present)> ConfigAsync(CancellationToken cancellationToken)
    {
        var source = await platform.FindAsync(from.Api.ProviderConfig, _name, cancellationToken);
        var copy = await platform.FindAsync(to.Api.ProviderConfig, _name, cancellationToken);
        RefusePaused(from.Api, source);
        RefusePaused(to.Api, copy);
        if (copy is null && source is not null && RolloutRecord.Unfinished(source) is { } unfinished)
        {
            // The copies have no earlier revision: all would get the newest at once.
            throw new MigrationException(
                $"The rollout of ProviderConfig \"{_name.Name}\" {unfinished}. Complete or revert it, with the controller running, then migrate.");
        }

        return (source, copy) switch
        {
            (null, _) => (null, null, copy),
            ({ } found, null) => (found, MigrationCopies.OfProviderConfig(from.Api, to.Api, found), null),
            ({ } found, { } other) when MigrationPlanner.HaveSameSpec(found, other) => (found, null, other),
            _ => throw new MigrationException(
                $"ProviderConfig \"{_name.Name}\" exists in both groups with different specs. Make them equal, or delete one."),
        };
    }

    // A pause is not carried over: nothing would be Ready in the new group.
    private static void RefusePaused(ProviderApi api, KubeObject? config)
    {
        if (config is not null && Operation.IsIgnore(config))
        {
            throw new MigrationException(
                $"ProviderConfig \"{config.Name}\" ({api.Group}) pauses all OCMs, as its annotation {Operation.Annotation}: {Operation.Ignore} says, and "
                    + $"`migrate` would end the pause. Remove the annotation on the platform cluster: kubectl annotate "
                    + $"{api.ProviderConfig.Plural}.{api.Group} {config.Name} {Operation.Annotation}-. Then migrate.");
        }
    }

    // Shows which group is served meanwhile, where tenants cannot write.
    private async Task MarkAsync(KubeObject? config, ProviderApi api, string mark, CancellationToken cancellationToken)
    {
        if (config is not null && config.Annotations.GetValueOrDefault(ObjectNames.MigrationAnnotation(api), "") != mark)
        {
            var annotations = new JsonObject { [ObjectNames.MigrationAnnotation(api)] = mark };
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
            await platform.MergePatchAsync(api.ProviderConfig, config.Key, patch.ToElement(), subresource: null, cancellationToken);
        }
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
