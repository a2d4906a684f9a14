using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Cleanup;

/// <summary>
/// Deletes orphaned objects by the plans for OCMs that are being deleted: in the same order, and with the same protection of users'
/// objects. Before each step it makes sure that the OCM does not exist.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="platform">The platform cluster.</param>
/// <param name="onboarding">The onboarding cluster.</param>
/// <param name="connector">Leads to the control planes.</param>
/// <param name="limits">How much of a control plane is read, per kind.</param>
/// <param name="time">Clock.</param>
public sealed class OrphanCleanup(
    Identity identity,
    IKubernetesApi platform,
    IKubernetesApi onboarding,
    KubeconfigConnector connector,
    InformerLimits limits,
    TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // No timer takes more than 49 days.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(40);

    /// <summary>Checks whether the objects of a tenant would be deleted (read-only).</summary>
    /// <param name="tenant">The objects.</param>
    /// <param name="timeout">How long to read.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public Task<CleanupResult> CheckAsync(OrphanedTenant tenant, TimeSpan timeout, CancellationToken cancellationToken) =>
        GuardAsync(tenant, timeout, async (_, stop) =>
        {
            using var observed = await ObserveAsync(tenant, stop);
            var status = Planner.PlanOrphan(observed.Observation, observed.ControlPlaneName).Status;
            return IsBlocked(status.State)
                ? new CleanupResult(tenant, CleanupOutcome.Blocked, status.Message)
                : new CleanupResult(tenant, CleanupOutcome.WouldDelete, $"{OcmOf(tenant)} does not exist.");
        }, cancellationToken);

    /// <summary>Deletes the objects of a tenant, and waits until they are deleted.</summary>
    /// <param name="tenant">The objects.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="onProgress">Called with what is being waited for.</param>
    /// <param name="cancellationToken">Cancels the requests and the wait.</param>
    public Task<CleanupResult> DeleteAsync(
        OrphanedTenant tenant, TimeSpan timeout, Action<string> onProgress, CancellationToken cancellationToken) =>
        GuardAsync(tenant, timeout, async (report, stop) =>
        {
            HashSet<string> taken = new(StringComparer.Ordinal);
            for (var last = ""; ;)
            {
                using var observed = await ObserveAsync(tenant, stop);
                var plan = Planner.PlanOrphan(observed.Observation, observed.ControlPlaneName);
                if (plan.Status.State == OcmState.Gone)
                {
                    return new CleanupResult(tenant, CleanupOutcome.Deleted, $"{OcmOf(tenant)} does not exist.");
                }

                if (IsBlocked(plan.Status.State))
                {
                    return new CleanupResult(tenant, CleanupOutcome.Blocked, plan.Status.Message);
                }

                if (await ExistsAsync(tenant, stop))
                {
                    return new CleanupResult(tenant, CleanupOutcome.Adopted, $"{OcmOf(tenant)} exists again.");
                }

                report(plan.Status.Message);
                await ApplyAsync(plan, observed, stop);

                // What is due again was created again by another writer, or by a control plane that answers anything.
                var before = taken.Count;
                taken.UnionWith(plan.Steps.Select(step => $"{step.Cluster} {step.Description}"));
                if (taken.Count > before)
                {
                    continue;
                }

                if (plan.Status.Message != last)
                {
                    last = plan.Status.Message;
                    onProgress(last);
                }

                await Task.Delay(PollInterval, time, stop);
            }
        }, cancellationToken);

    // What is blocked needs a decision or another component; all other states end by themselves.
    private static bool IsBlocked(OcmState state) => state is not (
        OcmState.Gone or OcmState.Uninstalling or OcmState.UninstallFailed or OcmState.DeletingOciRepository
        or OcmState.DeletingControlPlaneObjects or OcmState.DeletingAccessRequest or OcmState.DeletingSecretCopies);

    private static string OcmOf(OrphanedTenant tenant) =>
        tenant.Ocm is { } ocm ? $"OCM {ocm}" : $"The OCM of tenant namespace {tenant.Namespace}";

    private async Task<CleanupResult> GuardAsync(
        OrphanedTenant tenant,
        TimeSpan timeout,
        Func<Action<string>, CancellationToken, Task<CleanupResult>> actAsync,
        CancellationToken cancellationToken)
    {
        var status = "The objects were not read.";
        using var deadline = new CancellationTokenSource(timeout < LongestTimeout ? timeout : LongestTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await actAsync(message => status = message, stop.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new CleanupResult(tenant, CleanupOutcome.Blocked, $"Not finished within the timeout: {status} Run the command again.");
        }
        catch (KubernetesApiException exception)
        {
            return new CleanupResult(
                tenant, CleanupOutcome.Failed, $"Request failed: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}");
        }
    }

    private async Task ApplyAsync(ReconcilePlan plan, ObservedOrphan observed, CancellationToken cancellationToken)
    {
        var executor = new PlanExecutor((_, step) => new StepTarget(
            step.Cluster == TargetCluster.ControlPlane ? observed.Reader!.Api : platform, Store: null));
        foreach (var step in plan.Steps)
        {
            await executor.ExecuteAsync(new ObjectKey(observed.Observation.TenantNamespaceName, ""), step, cancellationToken);
        }
    }

    private Task<ObservedOrphan> ObserveAsync(OrphanedTenant tenant, CancellationToken cancellationToken) =>
        ObservedOrphan.ReadAsync(tenant, identity, platform, connector, limits, time.GetUtcNow(), cancellationToken);

    // Fails where OCMs are not served: then nothing is known about them.
    private async Task<bool> ExistsAsync(OrphanedTenant tenant, CancellationToken cancellationToken)
    {
        var scope = tenant.Ocm is { } ocm ? WatchScope.Named(ocm.Name, ocm.Namespace) : WatchScope.Everything;
        var (_, _, tenants) = await onboarding.OcmsAsync(identity.Api, scope, cancellationToken);
        return tenants.Contains(tenant.Namespace);
    }
}
