using System.Collections.Concurrent;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>When the credentials of open connections expire, such as those to all control planes. Thread-safe.</summary>
public sealed class CredentialExpirations
{
    private readonly ConcurrentDictionary<object, DateTimeOffset> _expirations = new();

    /// <summary>When the first of them expires; null if none does, or it is not known.</summary>
    public DateTimeOffset? Earliest => _expirations.Values.Select(expires => (DateTimeOffset?)expires).Min();

    /// <summary>Credentials are in use.</summary>
    /// <returns>Call it when they no longer are.</returns>
    internal Action Add(DateTimeOffset expires)
    {
        var key = new object();
        _expirations[key] = expires;
        return () => _expirations.TryRemove(key, out _);
    }
}
