using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>An object is valid JSON, and yet not an object as API servers store them, or larger than a limit.</summary>
internal sealed class UnreadableObjectException(string message) : JsonException(message)
{
    public UnreadableObjectException(LimitExcess excess)
        : this(excess.Describe(flagPrefix: null)) => Excess = excess;

    /// <summary>The limit that is exceeded; null if it is not for a limit.</summary>
    public LimitExcess? Excess { get; }
}
