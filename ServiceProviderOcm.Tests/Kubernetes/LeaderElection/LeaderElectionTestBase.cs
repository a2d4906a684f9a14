using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>A Lease on a server, a clock that tests move, and how they wait for the elector.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class LeaderElectionTestBase
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    protected LeaderElectionTestBase()
    {
        Time = new PausingTime(new LeaderElectionOptions().RetryPeriod);
        Server = new LeaseServer(Time);
    }

    protected PausingTime Time { get; }

    protected LeaseServer Server { get; }

    protected async Task WaitsForLeaseAsync(Candidate candidate)
    {
        await candidate.LogsAsync("Waiting for Lease");
        await Eventually.Async(() => Server.Watches > 0, "it watches");
    }

    /// <summary>Passes the pause before the next renewal, and waits for the renewal.</summary>
    protected async Task RenewsAsync()
    {
        var writes = Server.Writes.Count;
        await Time.PassPauseAsync();
        await Eventually.Async(() => Server.Writes.Count > writes, "it renews");
    }

    protected Task PassUntilAsync(Func<bool> condition, string because) => Eventually.Async(
        () =>
        {
            var holds = condition();
            if (!holds)
            {
                Time.Advance(Step);
            }

            return holds;
        },
        because);

    protected TimeSpan FirstWriteSince(long timestamp) => Time.GetElapsedTime(timestamp, Server.Writes[0].Timestamp);
}
