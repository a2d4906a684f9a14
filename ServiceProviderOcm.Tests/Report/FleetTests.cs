using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class FleetTests
{
    private const string Catalog =
        """{ "versions": [{ "version": "stable", "chartVersion": "0.4.0" }, { "version": "old", "chartVersion": "0.3.0" }] }""";

    [Test]
    public void A_catalogue_lists_each_version_in_its_order_also_without_OCMs()
    {
        var fleet = Fleet.Of(An.Config(Catalog), [Ocm("stable"), Ocm("stable", isReady: false), Ocm("gone")]);

        Assert.That((fleet.Total, fleet.Ready), Is.EqualTo((3, 2)));
        Assert.That(fleet.Versions, Is.EqualTo([new FleetVersion("stable", "0.4.0", 2, 1), new FleetVersion("old", "0.3.0", 0, 0)]));
    }

    [Test]
    public void Without_a_catalogue_the_versions_in_use_are_listed_by_name()
    {
        var fleet = Fleet.Of(An.Config("{}"), [Ocm("0.4.0"), Ocm("0.3.0", isReady: false), Ocm("not a tag")]);

        Assert.That((fleet.Total, fleet.Ready), Is.EqualTo((3, 2)));
        Assert.That(fleet.Versions, Is.EqualTo([new FleetVersion("0.3.0", "0.3.0", 1, 0), new FleetVersion("0.4.0", "0.4.0", 1, 1)]));
    }

    [Test]
    public void Tenants_cannot_make_the_list_of_versions_longer_than_its_limit()
    {
        var ocms = Enumerable.Range(0, 300).Select(number => Ocm($"v{number:000}")).Append(Ocm("v299"));

        var fleet = Fleet.Of(An.Config("{}"), ocms);

        Assert.That(fleet.Versions, Has.Count.EqualTo(Fleet.MaxVersions));
        Assert.That(fleet.Versions[^1], Is.EqualTo(new FleetVersion("v299", "v299", 2, 2)));
    }

    [Test]
    public void An_OCM_whose_status_describes_an_earlier_generation_is_not_Ready() =>
        Assert.That(Fleet.Of(An.Config("{}"), [Ocm("1", observed: 2)]).Ready, Is.Zero);

    private static KubeObject Ocm(string version, bool isReady = true, int observed = 3) => KubeObject.Parse(
        $$"""
        {
          "metadata": { "generation": 3 },
          "spec": { "version": "{{version}}" },
          "status": { "observedGeneration": {{observed}}, "conditions": [{ "type": "Ready", "status": "{{isReady}}" }] }
        }
        """);
}
