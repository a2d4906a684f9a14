using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>How a leader releases its lease when it stops.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaseReleaseTests : LeaderElectionTestBase
{
    [Test]
    public async Task The_lease_is_renewed_while_work_ends_and_released_afterwards()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        await candidate.StopAsync();
        await RenewsAsync();
        Assert.That((candidate.IsCutOff, candidate.Elector.IsLeading), Is.EqualTo((false, true)));
        candidate.Finish();
        await candidate.Running;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((candidate.Elector.IsLeading, Server.Holder), Is.EqualTo((false, "")));
            Assert.That(Server.Spec.Number("leaseDurationSeconds"), Is.EqualTo(1));
            Assert.That(Server.Spec.Number("leaseTransitions"), Is.Zero);
            Assert.That(Server.Spec.Text("renewTime"), Is.EqualTo("2000-01-01T00:00:02.000000Z"));
            Assert.That(candidate.Log.Lines[^1], Is.EqualTo("Released Lease n/l"));
        }
    }

    [Test]
    public async Task The_lease_is_released_when_work_fails()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();

        candidate.Finish(new InvalidOperationException("broken"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => candidate.Running);
        Assert.That((failure!.Message, Server.Holder), Is.EqualTo(("broken", "")));
    }

    [Test]
    public async Task A_lease_that_cannot_be_released_expires()
    {
        await using var candidate = new Candidate(Server, Time);
        await candidate.LeadsAsync();
        Server.Before = (_, _) => throw new KubernetesApiException(503, "ServiceUnavailable", "down");

        candidate.Finish();
        await candidate.Running;

        Assert.That(candidate.Log.Lines[^1], Is.EqualTo(
            "Lease n/l was not released: down. Other replicas wait 00:00:15 until it expires"));
    }
}
