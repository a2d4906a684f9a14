using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Report;

public sealed class OrphanEventTests
{
    private static readonly KubeObject Namespace = An.Observation().TenantNamespace!;

    [Test]
    public void An_Event_regards_the_tenant_namespace_and_is_in_it()
    {
        var written = EventOf("uid-1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(written.Namespace, Is.EqualTo(An.Tenant));
            Assert.That(written.Text("regarding", "kind"), Is.EqualTo("Namespace"));
            Assert.That(written.Text("regarding", "name"), Is.EqualTo(An.Tenant));
            Assert.That(written.Text("type"), Is.EqualTo("Warning"));
            Assert.That(written.Text("reason"), Is.EqualTo("OrphanedObjects"));
            Assert.That(written.Text("note"), Does.StartWith("OCM project-team/alpha does not exist").And.Contain("`cleanup`"));
        }
    }

    [Test]
    public void The_same_objects_are_reported_under_the_same_name_and_other_objects_under_another()
    {
        var names = ((string[])["uid-1", "uid-1", "uid-2"]).Select(uid => EventOf(uid).Name).ToList();

        Assert.That(names.Distinct(), Is.EqualTo([names[0], names[2]]));
        Assert.That(names, Is.All.Matches<string>(name => DnsNames.IsSubdomain(name!)));
    }

    private static KubeObject EventOf(string uid) => OrphanEvent.Of(
        An.Identity,
        new OrphanedTenant(
            An.Tenant,
            An.Ocm().Key,
            [new ManagedObject(PlatformKinds.HelmRelease, KubeObject.Parse($$"""{ "metadata": { "name": "r", "uid": "{{uid}}" } }"""))]),
        Namespace,
        An.Now);
}
