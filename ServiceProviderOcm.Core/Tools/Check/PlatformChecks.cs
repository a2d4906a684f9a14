using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>The checks on the platform cluster.</summary>
internal static class PlatformChecks
{
    private const string Label = "platform";
    private const string InstallOpenMcp = "Install openmcp-operator; it installs the kind.";
    private const string InstallFlux = "Install Flux 2.6 or later, with source-controller and helm-controller.";
    private const string ApplyRoles = "Apply deploy/base of this release, or bind its roles to the user of the kubeconfig.";

    public static IEnumerable<Check> Of(Identity identity, PrerequisiteOptions options, TimeProvider time) =>
    [
        CommonChecks.Definition(Label, identity.Api, identity.Api.ProviderConfig, (cluster, _) => Task.FromResult(cluster)),
        Served(PlatformKinds.ClusterRequest, InstallOpenMcp),
        Served(PlatformKinds.AccessRequest, InstallOpenMcp),
        Served(PlatformKinds.OciRepository, InstallFlux),
        Served(PlatformKinds.HelmRelease, InstallFlux),
        .. Needed(identity, options).Select(needed => CommonChecks.Permission(Label, needed, ApplyRoles)),
        Configuration(identity),
        Check.Of("Lease", async (name, cluster, cancellationToken) => LeaseCheck.Of(
            name,
            identity.Lease,
            await LeaseAsync(cluster, identity.Lease, cancellationToken),
            options.IsElecting,
            time.GetUtcNow())),
    ];

    private static IEnumerable<RequiredPermission> Needed(Identity identity, PrerequisiteOptions options) =>
    [
        .. RequiredPermissions.OnPlatform(identity),
        .. options.IsOnboardingLocal ? [] : RequiredPermissions.ForOnboardingAccess(identity),
        .. options.IsDetectingGroup ? RequiredPermissions.ForDetection(identity) : [],
        .. options.IsElecting ? RequiredPermissions.ForLeaderElection(identity) : [],
        .. options.IsSecuringMetrics ? RequiredPermissions.ForSecureMetrics() : [],
    ];

    private static Check Served(ResourceKind kind, string fix) =>
        Check.Of($"{Label} kind {kind.QualifiedPlural}", async (name, cluster, cancellationToken) => ServedKindCheck.Of(
            name, cluster.ClusterName, kind, await cluster.GetServedVersionsAsync(kind, cancellationToken), fix));

    private static Check Configuration(Identity identity)
    {
        const string Config = "ProviderConfig";
        const string PullSecrets = "image pull secrets";
        const string Verification = "chart verification";
        const string Bundle = "CA bundle";
        return new Check([Config, PullSecrets, Verification, Bundle], async (cluster, cancellationToken) =>
        {
            var check = await ConfigurationAsync(cluster, identity, cancellationToken);
            return [check.OfConfig(Config), check.OfPullSecrets(PullSecrets), check.OfVerification(Verification), check.OfCaBundle(Bundle)];
        });
    }

    private static async Task<ConfigurationCheck> ConfigurationAsync(
        KubernetesApi cluster, Identity identity, CancellationToken cancellationToken)
    {
        var providerConfig = await cluster.FindAsync(
            identity.Api.ProviderConfig, ObjectKey.ClusterScoped(identity.ProviderName), cancellationToken);
        var config = providerConfig is null ? InstallConfig.Missing(identity) : InstallConfigReader.Read(identity, providerConfig);
        var secrets = await OwnAsync(Kinds.Secret, config.SecretNames);
        var configMaps = await OwnAsync(Kinds.ConfigMap, config.ConfigMapNames);
        return new ConfigurationCheck(identity, config, secrets, configMaps.Values.FirstOrDefault());

        async Task<Dictionary<string, KubeObject>> OwnAsync(ResourceKind kind, IEnumerable<string> names)
        {
            var found = await Task.WhenAll(names.Select(
                name => cluster.FindAsync(kind, new ObjectKey(identity.PodNamespace, name), cancellationToken)));
            return found.OfType<KubeObject>().ToDictionary(own => own.Name, StringComparer.Ordinal);
        }
    }

    // The role allows get on the Lease, but not list.
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
