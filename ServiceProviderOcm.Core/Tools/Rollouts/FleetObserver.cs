using System.Runtime.CompilerServices;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Tools.Rollouts;

/// <summary>
/// Finds out where all OCMs are in a rollout, from what the clusters have, by the controller's own functions. It keeps nothing but what it
/// has parsed.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
public sealed class FleetObserver(Identity identity)
{
    private readonly IReadOnlyDictionary<string, string> _labels = ManagedObjects.Labels(identity.Api);
    private readonly ConditionalWeakTable<KubeObject, Parsed> _parsed = [];

    /// <summary>Compares what configurations install.</summary>
    public Installations Installations { get; } = new(identity);

    /// <summary>Reads a ProviderConfig, each version of it once.</summary>
    public InstallConfig Parse(KubeObject providerConfig) =>
        _parsed.GetValue(providerConfig, each => new Parsed(InstallConfigReader.Read(identity, each))).Config!;

    /// <summary>Where all OCMs are.</summary>
    /// <param name="objects">What the clusters have.</param>
    /// <param name="newest">The configuration that is rolled out.</param>
    /// <param name="now">The time.</param>
    public ObservedFleet Observe(RolloutObjects objects, InstallConfig newest, DateTimeOffset now)
    {
        InstallConfig[] known =
        [
            .. new[] { newest, Parse(objects.ProviderConfig) }
                .Concat(objects.StoredRevisions.OrderByDescending(StoredRevision.NumberOf).Select(ParseStored).OfType<InstallConfig>())
                .DistinctBy(config => config.Revision),
        ];
        var recorded = RolloutRecord.Of(objects.ProviderConfig, newest.Revision);
        var ocms = objects.Ocms.ToDictionary(ocm => ocm.Key, ocm => Observe(objects, ocm, known, recorded.CurrentRevision, now));
        var members = ocms.Values.Select(each => each.Member).OfType<RolloutMember>().ToList();
        var fleet = new RolloutFleet(objects.Ocms.Count, members, StartedAt: now)
        {
            FailedCanaries = [.. recorded.FailedCanaries.Where(ocm => RolloutMembers.MayBeCanary(
                newest.Rollout, objects.Namespaces.GetValueOrDefault(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name))))],
        };
        return new ObservedFleet(newest, ocms, RolloutDecider.Decide(fleet, newest.Rollout, now));
    }

    private InstallConfig? ParseStored(KubeObject stored) =>
        _parsed.GetValue(stored, each => new Parsed(StoredRevision.Read(identity, each))).Config;

    private ObservedOcm Observe(RolloutObjects objects, KubeObject ocm, InstallConfig[] known, string? current, DateTimeOffset now)
    {
        var newest = known[0];
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        var isCanary = RolloutMembers.IsCanary(newest.Rollout, objects.Namespaces.GetValueOrDefault(tenant));
        var (source, release) = (Managed(objects.OciRepositories, tenant), Managed(objects.HelmReleases, tenant));
        if (objects.UnreadableTenants.Contains(tenant))
        {
            return new ObservedOcm(ocm, Own: null, Member: null, isCanary) { IsUnreadable = true };
        }

        if (ocm.IsBeingDeleted || (source ?? release) is not { } installed)
        {
            return new ObservedOcm(ocm, Find(known, ocm.Json.Text("status", "revision") ?? ""), Member: null, isCanary);
        }

        var marks = RevisionMarks.Of(installed, identity.Api);
        var label = marks.LabelOf(newest.Revision, source, release);
        var own = Find(known, label) ?? Installations.Find(known, current, config => new Observation
        {
            Identity = identity,
            Now = now,
            Ocm = ocm,
            TenantNamespaceName = tenant,
            Config = config,
            OciRepository = source,
            HelmRelease = release,
            CaBundle = CaBundle.Read(identity, config, objects.ConfigMaps.GetValueOrDefault(config.CaBundle.Name)),
        });
        var ready = ocm.ReadyCondition;
        var member = RolloutMembers.WithReadiness(
            RolloutMembers.Of(ocm, marks, newest, isCanary, ready.Text("reason") == Reasons.LimitExceeded, now),
            ocm,
            RolloutMembers.IsReady(ocm),
            ready.Text("reason") ?? "",
            ready.Text("message") ?? "",
            source,
            release,
            now);
        var version = ocm.Json.Text("spec", "version") ?? "";
        return new ObservedOcm(
            ocm,
            own,
            member with { IsUpdated = own is not null && Installations.AreSame(own, newest, version) },
            isCanary);
    }

    private KubeObject? Managed(IReadOnlyDictionary<string, KubeObject> objects, string tenant) =>
        objects.GetValueOrDefault(tenant) is { } found && ManagedObjects.IsManaged(found, _labels) ? found : null;

    private static InstallConfig? Find(InstallConfig[] known, string revision) =>
        revision.Length == 0 ? null : Array.Find(known, config => config.Revision == revision);

    private sealed record Parsed(InstallConfig? Config);
}
