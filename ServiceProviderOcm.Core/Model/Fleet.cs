using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Model;

/// <summary>How many OCMs there are, and how many of them are Ready: all, and by version.</summary>
/// <param name="Total">The number of OCMs.</param>
/// <param name="Ready">The number of OCMs that are Ready.</param>
/// <param name="Versions">Each version on offer; without a catalogue, each version that is in use.</param>
public sealed record Fleet(int Total, int Ready, IReadOnlyList<FleetVersion> Versions)
{
    /// <summary>The maximum number of versions: tenants decide how many are in use where there is no catalogue.</summary>
    public const int MaxVersions = 100;

    /// <summary>The maximum number of versions that are not on offer.</summary>
    public const int MaxNotOffered = 5;

    /// <summary>The number of OCMs that have an installation and request a version that is not in the catalogue.</summary>
    public int NotOfferedTotal { get; init; }

    /// <summary>These versions, the most used ones first.</summary>
    public IReadOnlyList<FleetVersion> NotOffered { get; init; } = [];

    /// <summary>Counts OCMs.</summary>
    /// <param name="config">The ProviderConfig, which decides what versions there are.</param>
    /// <param name="ocms">All OCMs.</param>
    public static Fleet Of(InstallConfig config, IEnumerable<KubeObject> ocms)
    {
        var (total, ready) = (0, 0);
        Dictionary<string, (int Total, int Ready)> byVersion = new(StringComparer.Ordinal);
        Dictionary<string, int> notOffered = new(StringComparer.Ordinal);
        var offered = config.Catalog.Select(entry => entry.Version).ToHashSet(StringComparer.Ordinal);
        foreach (var ocm in ocms)
        {
            var isReady = IsReady(ocm) ? 1 : 0;
            (total, ready) = (total + 1, ready + isReady);
            var version = ocm.Json.Text("spec", "version") ?? "";
            var counts = byVersion.GetValueOrDefault(version);
            byVersion[version] = (counts.Total + 1, counts.Ready + isReady);
            if (offered.Count > 0 && !offered.Contains(version) && IsInstalled(ocm))
            {
                notOffered[version] = notOffered.GetValueOrDefault(version) + 1;
            }
        }

        return new Fleet(total, ready, [.. VersionsOf(config, byVersion)])
        {
            NotOfferedTotal = notOffered.Values.Sum(),
            NotOffered =
            [
                .. notOffered.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)
                    .Take(MaxNotOffered)
                    .Select(each => new FleetVersion(each.Key, "", each.Value, Ready: 0)),
            ],
        };
    }

    private static bool IsInstalled(KubeObject ocm) =>
        ocm.Json.Items("status", "resources").Any(resource => resource.Text("kind") == PlatformKinds.HelmRelease.Kind);

    private static bool IsReady(KubeObject ocm) =>
        ocm.ReadyCondition.Text("status") == "True" && ocm.Json.Number("status", "observedGeneration") == ocm.Generation;

    // The catalogue has its order; otherwise the most used ones are listed, in the order of their names.
    private static IEnumerable<FleetVersion> VersionsOf(InstallConfig config, Dictionary<string, (int Total, int Ready)> counts) =>
        config.Catalog.Count > 0
            ? config.Catalog.Select(entry => Of(entry.Version, entry.Tag, counts.GetValueOrDefault(entry.Version)))
            : counts
                .Where(each => OciTag.TryParse(each.Key, out _))
                .OrderByDescending(each => each.Value.Total)
                .ThenBy(each => each.Key, StringComparer.Ordinal)
                .Take(MaxVersions)
                .OrderBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => Of(each.Key, each.Key, each.Value));

    private static FleetVersion Of(string version, string chartVersion, (int Total, int Ready) counts) =>
        new(version, chartVersion, counts.Total, counts.Ready);
}
