using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Observe;

/// <summary>Reads the CA bundle when it has changed, and not at every look: parsing certificates takes its time. Thread-safe.</summary>
internal sealed class CaBundles(Identity identity)
{
    private volatile Reading? _last;

    public CaBundle? Of(KubeObject? providerConfig, KubeObject? configMap)
    {
        if (_last is { } last && ReferenceEquals(last.ProviderConfig, providerConfig) && ReferenceEquals(last.ConfigMap, configMap))
        {
            return last.Bundle;
        }

        var bundle = CaBundle.Read(identity, providerConfig, configMap);
        _last = new Reading(providerConfig, configMap, bundle);
        return bundle;
    }

    private sealed record Reading(KubeObject? ProviderConfig, KubeObject? ConfigMap, CaBundle? Bundle);
}
