namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>Durations of leader election; the defaults are client-go's.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>The maximum jitter of <see cref="RetryPeriod"/> between attempts to acquire a lease, as a fraction of it.</summary>
    public const double JitterFactor = 1.2;

    /// <summary>How long after its last renewal a lease expires; whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after its last renewal the holder stops working.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The interval of renewals, and of attempts to acquire the lease.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>These options, if they ensure that a holder that cannot renew its lease stops before others acquire it.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    internal LeaderElectionOptions Validated()
    {
        if (LeaseDuration <= RenewDeadline)
        {
            throw new ArgumentException($"The lease duration ({LeaseDuration}) must be longer than the renew deadline ({RenewDeadline}).");
        }

        if (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod * JitterFactor)
        {
            throw new ArgumentException(
                $"The renew deadline ({RenewDeadline}) must be longer than {JitterFactor} times the retry period ({RetryPeriod}), "
                    + "which must be positive.");
        }

        return this;
    }
}
