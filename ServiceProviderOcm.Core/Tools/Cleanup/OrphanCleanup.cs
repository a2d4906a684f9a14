using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
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
public sealed class OrphanCleanup(
    Identity identity, IKubernetesApi platform, IKubernetesApi onboarding, KubeconfigConnector connector, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Checks whether the objects of a tenant would be deleted (read-only).</summary>
    public Task<CleanupResult> CheckAsync(OrphanedTenant tenant, CancellationToken cancellationToken) =>
        GuardAsync(tenant, async () =>
        {
            using var observed = await ObserveAsync(tenant, cancellationToken);
            var status = Planner.PlanOrphan(observed.Observation, observed.ControlPlaneName).Status;
            return IsBlocked(status.State)
                ? new CleanupResult(tenant, CleanupOutcome.Blocked, status.Message)
                : new CleanupResult(tenant, CleanupOutcome.WouldDelete, $"{OcmOf(tenant)} does not exist.");
        });

    /// <summary>Deletes the objects of a tenant, and waits until they are deleted.</summary>
    /// <param name="tenant">The objects.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="onProgress">Called with what is being waited for.</param>
    /// <param name="cancellationToken">Cancels the requests and the wait.</param>
    public Task<CleanupResult> DeleteAsync(
        OrphanedTenant tenant, TimeSpan timeout, Action<string> onProgress, CancellationToken cancellationToken) =>
        GuardAsync(tenant, async () =>
        {
            var started = time.GetTimestamp();
            for (var last = ""; ;)
            {
                using var observed = await ObserveAsync(tenant, cancellationToken);
                var plan = Planner.PlanOrphan(observed.Observation, observed.ControlPlaneName);
                if (plan.Status.State == OcmState.Gone)
                {
                    return new CleanupResult(tenant, CleanupOutcome.Deleted, $"{OcmOf(tenant)} does not exist.");
                }

                if (IsBlocked(plan.Status.State))
                {
                    return new CleanupResult(tenant, CleanupOutcome.Blocked, plan.Status.Message);
                }

                if (await ExistsAsync(tenant, cancellationToken))
                {
                    return new CleanupResult(tenant, CleanupOutcome.Adopted, $"{OcmOf(tenant)} exists again.");
                }

                await ApplyAsync(plan, observed, cancellationToken);
                if (plan.Steps.Count > 0)
                {
                    continue;
                }

                if (time.GetElapsedTime(started) >= timeout)
                {
                    return new CleanupResult(
                        tenant, CleanupOutcome.Blocked, $"Not finished within the timeout: {plan.Status.Message} Run the command again.");
                }

                if (plan.Status.Message != last)
                {
                    last = plan.Status.Message;
                    onProgress(last);
                }

                await Task.Delay(PollInterval, time, cancellationToken);
            }
        });

    // What is blocked needs a decision or another component; all other states end by themselves.
    private static bool IsBlocked(OcmState state) => state is not (
        OcmState.Gone or OcmState.Uninstalling or OcmState.UninstallFailed or OcmState.DeletingOciRepository
        or OcmState.DeletingControlPlaneObjects or OcmState.DeletingAccessRequest or OcmState.DeletingSecretCopies);

    private static string OcmOf(OrphanedTenant tenant) =>
        tenant.Ocm is { } ocm ? $"OCM {ocm}" : $"The OCM of tenant namespace {tenant.Namespace}";

    private static async Task<CleanupResult> GuardAsync(OrphanedTenant tenant, Func<Task<CleanupResult>> actAsync)
    {
        try
        {
            return await actAsync();
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
        ObservedOrphan.ReadAsync(tenant, identity, platform, connector, time.GetUtcNow(), cancellationToken);

    // Fails where OCMs are not served: then nothing is known about them.
    private async Task<bool> ExistsAsync(OrphanedTenant tenant, CancellationToken cancellationToken)
    {
        var request = tenant.Ocm is { } ocm
            ? new ListRequest(ocm.Namespace, FieldSelector: $"metadata.name={ocm.Name}")
            : new ListRequest();
        var (_, tenants) = await onboarding.OcmsAsync(identity.Api, request, cancellationToken);
        return tenants.Contains(tenant.Namespace);
    }
}
