using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>Which durations are valid, and which lease a provider has.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaderElectionOptionsTests : LeaderElectionTestBase
{
    [TestCase(10, 10, 2)]
    [TestCase(15, 2, 2)]
    [TestCase(15, 10, 0)]
    public void Durations_that_allow_two_leaders_are_rejected(int leaseDuration, int renewDeadline, int retryPeriod)
    {
        var options = new LeaderElectionOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(leaseDuration),
            RenewDeadline = TimeSpan.FromSeconds(renewDeadline),
            RetryPeriod = TimeSpan.FromSeconds(retryPeriod),
        };
        Assert.Throws<ArgumentException>(() => _ = new Candidate(Server, Time, options: options));
    }

    [Test]
    public void Providers_of_different_names_or_groups_have_different_leases()
    {
        Identity[] providers =
        [
            new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "system"),
            new(new ProviderApi(ProviderApi.RenamedGroup), "ocm", "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), "ocm-2", "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), new string('x', 200), "system"),
            new(new ProviderApi(ProviderApi.DefaultGroup), new string('x', 199) + "y", "system"),
        ];

        var leases = providers.Select(provider => provider.Lease).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(leases[0], Is.EqualTo(new ObjectKey("system", "ocm.services.openmcp.cloud--ocm")));
            Assert.That(leases, Is.Unique);
            Assert.That(leases.Select(lease => lease.Name.Length), Has.All.AtMost(63));
        }
    }
}
