namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>How quickly leadership is lost and won; the defaults are client-go's.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>What is drawn at random at most on top of <see cref="RetryPeriod"/> where a lease is asked for, as a share of it.</summary>
    public const double JitterFactor = 1.2;

    /// <summary>For how long the others leave a lease alone that is not renewed; whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last renewal its holder stops working.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between renewals, and between attempts that failed.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>These options, if a holder that cannot renew its lease stops before others take it over.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal LeaderElectionOptions Validated()
    {
        if (LeaseDuration <= RenewDeadline)
        {
            throw new ArgumentException($"The lease's duration, {LeaseDuration}, has to be longer than the renew deadline, {RenewDeadline}.");
        }

        if (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod * JitterFactor)
        {
            throw new ArgumentException(
                $"The renew deadline, {RenewDeadline}, has to be longer than {JitterFactor} times the retry period, {RetryPeriod}, "
                    + "which has to be positive.");
        }

        return this;
    }
}
