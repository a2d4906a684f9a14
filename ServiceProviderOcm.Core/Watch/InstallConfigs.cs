using System.Runtime.CompilerServices;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>
/// Parses the ProviderConfig and the CA bundle once per resourceVersion, not once per OCM. Thread-safe.
/// </summary>
internal sealed class InstallConfigs(Identity identity)
{
    private readonly ConditionalWeakTable<InstallConfig, ParsedBundle> _bundles = [];
    private volatile ParsedConfig _config = new(null, InstallConfig.Missing(identity));

    /// <summary>The configuration in a ProviderConfig.</summary>
    public InstallConfig Of(KubeObject? providerConfig)
    {
        var last = _config;
        if (!IsSame(last.Source, providerConfig))
        {
            last = new ParsedConfig(
                providerConfig,
                MeansTheSame(last.Source, providerConfig) ? last.Config
                    : providerConfig is null ? InstallConfig.Missing(identity)
                    : InstallConfigReader.Read(identity, providerConfig));
            _config = last;
        }

        return last.Config;
    }

    /// <summary>The CA bundle that a configuration refers to, in this ConfigMap.</summary>
    public CaBundle BundleOf(InstallConfig config, KubeObject? configMap)
    {
        if (!_bundles.TryGetValue(config, out var last) || !IsSame(last.Source, configMap))
        {
            last = new ParsedBundle(configMap, CaBundle.Read(identity, config, configMap));
            _bundles.AddOrUpdate(config, last);
        }

        return last.Bundle;
    }

    // A list delivers the same version as another instance.
    private static bool IsSame(KubeObject? one, KubeObject? other) =>
        ReferenceEquals(one, other) || (one?.Uid, one?.ResourceVersion) == (other?.Uid, other?.ResourceVersion);

    // A status that changes, or an operation that reconciles, is no other configuration.
    private static bool MeansTheSame(KubeObject? one, KubeObject? other) => one is not null && other is not null
        && one.Uid == other.Uid
        && Operation.IsIgnore(one) == Operation.IsIgnore(other)
        && JsonElement.DeepEquals(one.Json.At("spec") ?? default, other.Json.At("spec") ?? default);

    private sealed record ParsedConfig(KubeObject? Source, InstallConfig Config);

    private sealed record ParsedBundle(KubeObject? Source, CaBundle Bundle);
}
