namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>An answer, a line of a watch, or an object of a list, is longer than allowed.</summary>
internal sealed class TooLongException(LimitExcess excess) : Exception
{
    /// <summary>How long to wait before anything else is read; null: as after other failures.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is too long, and for which limit.</summary>
    public LimitExcess Excess { get; } = excess;
}
