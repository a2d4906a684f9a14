using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What is looked at on the platform cluster.</summary>
internal static class PlatformChecks
{
    private const string Label = "platform";
    private const string GetOpenMcp = "Install openmcp-operator, which brings the kind.";
    private const string GetFlux = "Install Flux 2.6 or later, with source-controller and helm-controller.";
    private const string GetPermission = "Apply deploy/base of this release, or bind the roles in it to the user of the kubeconfig.";

    public static IEnumerable<Check> Of(Identity identity, PreflightOptions options, TimeProvider time) =>
    [
        CommonChecks.Definition(Label, identity.Api, identity.Api.ProviderConfig, (cluster, _) => Task.FromResult(cluster)),
        Served(Kinds.ClusterRequest, GetOpenMcp),
        Served(Kinds.AccessRequest, GetOpenMcp),
        Served(Kinds.OciRepository, GetFlux),
        Served(Kinds.HelmRelease, GetFlux),
        .. Needed(identity, options).Select(needed => CommonChecks.Permission(Label, needed, GetPermission)),
        Configuration(identity, time),
        Check.Of("Lease", async (name, cluster, cancellationToken) => LeaseFindings.Of(
            name,
            LeaderElector.LeaseOf(identity),
            await LeaseAsync(cluster, LeaderElector.LeaseOf(identity), cancellationToken),
            options.IsElecting,
            time.GetUtcNow())),
    ];

    private static IEnumerable<NeededPermission> Needed(Identity identity, PreflightOptions options) =>
    [
        .. NeededPermissions.OnPlatform(identity),
        .. options.IsOnboardingLocal ? [] : NeededPermissions.ForOnboardingAccess(identity),
        .. options.IsElecting ? NeededPermissions.ForLeaderElection(identity) : [],
        .. options.IsSecuringMetrics ? NeededPermissions.ForSecureMetrics() : [],
    ];

    private static Check Served(ResourceKind kind, string cure) =>
        Check.Of($"{Label} kind {kind.QualifiedPlural}", async (name, cluster, cancellationToken) => ServedKindFindings.Of(
            name, cluster.ClusterName, kind, await cluster.GetServedVersionsAsync(kind, cancellationToken), cure));

    private static Check Configuration(Identity identity, TimeProvider time)
    {
        const string Config = "ProviderConfig";
        const string PullSecrets = "image pull secrets";
        const string Bundle = "CA bundle";
        return new Check([Config, PullSecrets, Bundle], async (cluster, cancellationToken) =>
        {
            var seen = await SeeAsync(cluster, identity, time, cancellationToken);
            return
            [
                ConfigurationFindings.OfConfig(Config, seen),
                ConfigurationFindings.OfPullSecrets(PullSecrets, seen),
                ConfigurationFindings.OfCaBundle(Bundle, seen),
            ];
        });
    }

    private static async Task<Observation> SeeAsync(
        KubernetesApi cluster, Identity identity, TimeProvider time, CancellationToken cancellationToken)
    {
        var config = await cluster.FindAsync(
            identity.Api.ProviderConfig, ObjectKey.ClusterScoped(identity.ProviderName), cancellationToken);
        var secrets = await OwnAsync(Kinds.Secret, ChartInputs.ReferredSecrets(config));
        var configMaps = await OwnAsync(Kinds.ConfigMap, CaBundle.ReferredConfigMaps(config));
        return new Observation
        {
            Identity = identity,
            Now = time.GetUtcNow(),
            Ocm = null,
            TenantNamespaceName = "",
            ProviderConfig = config,
            SourceSecrets = secrets,
            CaBundle = CaBundle.Read(identity, config, configMaps.Values.FirstOrDefault()),
        };

        async Task<Dictionary<string, KubeObject>> OwnAsync(ResourceKind kind, IEnumerable<string> names)
        {
            var found = await Task.WhenAll(names.Select(
                name => cluster.FindAsync(kind, new ObjectKey(identity.PodNamespace, name), cancellationToken)));
            return found.OfType<KubeObject>().ToDictionary(own => own.Name, StringComparer.Ordinal);
        }
    }

    // Its rule lets us get the Lease, and not list it.
    private static async Task<KubeObject?> LeaseAsync(KubernetesApi cluster, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.GetAsync(Kinds.Lease, key, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }
}
