using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>How often each OCM is looked at even if nothing happens.</summary>
public static class PollInterval
{
    /// <summary>Unless the ProviderConfig says otherwise.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(1);

    /// <summary>The shortest that is honoured; it is a safety net, not a clock.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Reads <c>spec.pollInterval</c>; what is no positive duration counts as not set.</summary>
    public static TimeSpan Of(KubeObject? providerConfig) =>
        providerConfig?.Json.Text("spec", "pollInterval") is { } text && GoDuration.TryParse(text, out var interval) && interval > TimeSpan.Zero
            ? interval < Shortest ? Shortest : interval
            : Default;
}
