using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>What a new configuration is compared with. Pure functions.</summary>
public static class DiffSource
{
    /// <summary>Compares with other files; the OCMs of all files are assumed to be installed and Ready.</summary>
    /// <param name="to">The files with the new ProviderConfig.</param>
    /// <param name="from">The files with the ProviderConfig before.</param>
    /// <exception cref="ManifestException">The files do not belong together.</exception>
    public static ConfigDiff Files(RenderInputs to, RenderInputs from)
    {
        if (from.Identity.Api != to.Identity.Api)
        {
            throw new ManifestException(
                $"the ProviderConfigs are of API groups {from.Identity.Api.Group} and {to.Identity.Api.Group}; both must be of the same");
        }

        List<KubeObject> ocms = [.. to.Ocms.Concat(from.Ocms).Select(source => source.Manifest).DistinctBy(ocm => ocm.Key)];
        if (ocms.Count == 0)
        {
            throw new ManifestException("no OCM to compare; pass some with -f or --against");
        }

        // Nothing waits here.
        var now = DateTimeOffset.UnixEpoch;
        var observer = new FleetObserver(to.Identity);
        var namespaces = Merged(to.Namespaces, from.Namespaces);
        return ConfigComparer.Compare(
            to with { Secrets = Merged(to.Secrets, from.Secrets), ConfigMaps = Merged(to.ConfigMaps, from.ConfigMaps) },
            from.Config,
            [.. ocms.Select(ocm => ConfigComparer.Installed(ocm, from.Config, to.Config, TenantNamespaceOf(ocm, namespaces), observer, now))],
            failedCanaries: [],
            now);
    }

    /// <summary>Compares with what the clusters have.</summary>
    /// <param name="to">The files with the new ProviderConfig.</param>
    /// <param name="objects">What the clusters have.</param>
    /// <param name="secrets">The Secrets of the provider's namespace, which those of the files replace.</param>
    /// <param name="now">The time.</param>
    public static ConfigDiff Clusters(
        RenderInputs to, RolloutObjects objects, IReadOnlyDictionary<string, KubeObject> secrets, DateTimeOffset now)
    {
        var observer = new FleetObserver(to.Identity);
        var config = observer.Parse(objects.ProviderConfig);
        var fleet = observer.Observe(objects, to.Config, now);
        var diff = ConfigComparer.Compare(
            to with { Secrets = Merged(to.Secrets, secrets), ConfigMaps = Merged(to.ConfigMaps, objects.ConfigMaps) },
            config,
            [.. fleet.Ocms.Values],
            fleet.Decision.FailedCanaries,
            now);
        return diff with { Total = diff.Total + objects.UnreadableOcms, Unreadable = diff.Unreadable + objects.UnreadableOcms };
    }

    /// <summary>The names of all Secrets that configurations refer to.</summary>
    public static IReadOnlySet<string> SecretNames(params IEnumerable<InstallConfig> configs) =>
        configs.SelectMany(config => config.SecretNames).ToHashSet(StringComparer.Ordinal);

    /// <summary>The configurations that OCMs may be at: that of the ProviderConfig, and the stored ones.</summary>
    public static IEnumerable<InstallConfig> Known(Identity identity, RolloutObjects objects) =>
    [
        InstallConfigReader.Read(identity, objects.ProviderConfig),
        .. objects.StoredRevisions.Select(stored => StoredRevision.Read(identity, stored)).OfType<InstallConfig>(),
    ];

    private static KubeObject? TenantNamespaceOf(KubeObject ocm, IReadOnlyDictionary<string, KubeObject> namespaces) =>
        namespaces.GetValueOrDefault(Naming.PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name));

    private static Dictionary<string, KubeObject> Merged(
        IReadOnlyDictionary<string, KubeObject> first, IReadOnlyDictionary<string, KubeObject> second) =>
        first.Concat(second.Where(each => !first.ContainsKey(each.Key))).ToDictionary(StringComparer.Ordinal);
}
