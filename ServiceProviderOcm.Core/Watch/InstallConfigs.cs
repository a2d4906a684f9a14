using System.Runtime.CompilerServices;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>
/// Parses the ProviderConfig and the CA bundle once per resourceVersion, not once per OCM. Thread-safe.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="providerConfig">The ProviderConfig as it is now; null if it does not exist.</param>
internal sealed class InstallConfigs(Identity identity, Func<KubeObject?> providerConfig)
{
    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<InstallConfig, ParsedBundle> _bundles = [];
    private ParsedConfig _config = new(null, InstallConfig.Missing(identity));

    /// <summary>The configuration in the ProviderConfig: the same instance as long as it means the same.</summary>
    public InstallConfig Current
    {
        get
        {
            // It is read within the lock: an earlier version must not follow a later one, which would then be another instance.
            lock (_lock)
            {
                var source = providerConfig();
                if (!IsSame(_config.Source, source))
                {
                    _config = new ParsedConfig(
                        source,
                        MeansTheSame(_config.Source, source) ? _config.Config
                            : source is null ? InstallConfig.Missing(identity)
                            : InstallConfigReader.Read(identity, source));
                }

                return _config.Config;
            }
        }
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
