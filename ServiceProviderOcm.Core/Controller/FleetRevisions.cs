using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>All that has to do with revisions of the ProviderConfig: how they are stored, and how the newest is rolled out.</summary>
internal sealed class FleetRevisions : IDisposable
{
    private readonly Identity _identity;
    private readonly PlatformWatch _watch;
    private readonly FleetRollout _rollout;
    private readonly Installations _installations;
    private readonly RevisionHistory _history;
    private readonly Action _onChange;

    public FleetRevisions(
        Identity identity,
        IKubernetesApi platform,
        PlatformWatch watch,
        Tenants tenants,
        Informer ocms,
        Action<ObjectKey, ReconcileReasons> enqueue,
        Action onChange,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _identity = identity;
        _watch = watch;
        _onChange = onChange;
        _installations = new Installations(identity);
        _rollout = new FleetRollout(
            () => watch.Config,
            () => ocms.HasListed ? tenants.All : null,
            watch.Revisions.Contains,
            revision => RolloutRecord.Of(watch.ProviderConfig, revision),
            (settings, ocm) => !watch.Namespaces.State.IsSynced || RolloutMembers.MayBeCanary(settings, NamespaceOf(watch, ocm)),
            (one, other, ocm) => ocms.Store.Get(ocm)?.Json.Text("spec", "version") is { } version
                && (!other.TryResolve(version, out _, out _) || _installations.AreSame(one, other, version)),
            ocm => InstalledRevision(watch, ocms, ocm, identity.Api),
            ocm => enqueue(ocm, ReconcileReasons.RolloutAdvanced),
            Signal,
            time);
        _history = new RevisionHistory(identity, platform, watch, _rollout, onChange, time, loggers.CreateLogger<RevisionHistory>());
    }

    /// <summary>How far the rollout is; null if nothing has been decided yet.</summary>
    public RolloutStatus? Status => _rollout.Status;

    /// <summary>The last error of storing a revision; empty if there is none.</summary>
    public string StoreError => _history.Error;

    /// <summary>The number of OCMs that something is known of.</summary>
    public int Count => _rollout.Count;

    /// <summary>The revisions of single OCMs.</summary>
    public TenantRevisions Of(Observer observer) =>
        new(_identity, observer, _watch.Revisions, _rollout, _installations);

    /// <summary>The ProviderConfig, the stored revisions or the rollout have changed.</summary>
    public void Signal()
    {
        _onChange();
        _history.Changes.Set();
    }

    /// <summary>Something changed in a tenant namespace without OCM, which may be that of a canary that has failed.</summary>
    public void Consider(ReconcileReasons reason)
    {
        if (reason == ReconcileReasons.NamespaceChanged)
        {
            _history.Changes.Set();
        }
    }

    /// <summary>An OCM is reconciled after a delay. If it is new, the rollout does not wait for it.</summary>
    public void Delay(ObjectKey ocm, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            _rollout.Delay(ocm);
        }
    }

    /// <summary>Stores revisions until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _history.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _rollout.Dispose();

    /// <summary>
    /// The revision that an OCM is at by its Flux objects, empty if that is not known; null if nothing is installed. If somebody has deleted
    /// the objects, they are created again at the revision that the status of the OCM names.
    /// </summary>
    internal static string? InstalledRevision(PlatformWatch watch, Informer ocms, ObjectKey ocm, ProviderApi api)
    {
        var key = new ObjectKey(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name), ObjectNames.Flux);
        Informer[] informers = [watch.OciRepositories, watch.HelmReleases];

        // Before the stores, which are filled first.
        var areSynced = informers.All(informer => informer.State.IsSynced);
        if (informers.Select(informer => informer.Store.Get(key)).OfType<KubeObject>().FirstOrDefault() is { } installed)
        {
            return RevisionMarks.Of(installed, api).Revision;
        }

        return !areSynced || informers.Any(informer => informer.FindUnreadable(key) is not null) ? ""
            : ocms.Store.Get(ocm)?.Json.Text("status", "revision") is { Length: > 0 } deleted ? deleted
            : null;
    }

    private static KubeObject? NamespaceOf(PlatformWatch watch, ObjectKey ocm) =>
        watch.Namespaces.Store.Get(ObjectKey.ClusterScoped(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name)));
}
