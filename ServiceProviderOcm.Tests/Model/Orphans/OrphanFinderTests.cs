using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Orphans;

public sealed class OrphanFinderTests
{
    private const string Group = ProviderApi.DefaultGroup;

    private static readonly Observation Complete = An.Observation().WithPullSecret().WithCaBundle().Complete();

    [Test]
    public void All_objects_of_a_tenant_without_OCM_are_orphaned_and_listed_in_the_order_of_their_deletion()
    {
        var tenant = Orphans(All(Complete)).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tenant.Namespace, Is.EqualTo(An.Tenant));
            Assert.That(tenant.Ocm, Is.EqualTo(new ObjectKey("project-team", "alpha")));
            Assert.That(
                tenant.Objects.Select(each => each.Kind.Kind),
                Is.EqualTo(["HelmRelease", "OCIRepository", "AccessRequest", "Secret", "Secret"]));
            Assert.That(tenant.Message, Does.StartWith(
                "OCM project-team/alpha does not exist, but its objects do: HelmRelease sp-ocm-k8s-toolkit, OCIRepository "));
        }
    }

    [Test]
    public void Objects_of_a_tenant_with_OCM_are_not_orphaned()
    {
        var tenants = OrphanFinder.TenantsOf([An.Ocm().Key]);

        Assert.That(OrphanFinder.Orphans(An.Identity, All(Complete), tenants.Contains), Is.Empty);
    }

    [TestCase("openmcp.cloud/managed-by", "ocm.services.open-control-plane.io", TestName = "Objects_of_another_API_group_are_not_orphaned")]
    [TestCase("openmcp.cloud/managed-by", null, TestName = "Objects_without_our_label_are_not_orphaned")]
    [TestCase($"{Group}/provider-name", "another", TestName = "Objects_of_another_provider_are_not_orphaned")]
    public void Objects_of_others_are_not_orphaned(string label, string? value) =>
        Assert.That(Orphans(All(Complete).Select(each => Labelled(each, label, value))), Is.Empty);

    [Test]
    public void Objects_without_the_label_of_a_provider_are_those_of_an_earlier_release() => Assert.That(
        Orphans(All(Complete).Select(each => Labelled(each, $"{Group}/provider-name", null))).Single().Objects, Has.Count.EqualTo(5));

    [TestCase(3, "app.kubernetes.io/managed-by")]
    [TestCase(2, "openmcp.cloud/managed-purpose")]
    public void An_object_without_one_of_its_other_labels_is_not_managed(int index, string label)
    {
        var each = Orphans(All(Complete)).Single().Objects[index];

        Assert.That(Orphans([Labelled(each, label, null)]), Is.Empty);
    }

    [Test]
    public void Objects_of_the_Go_provider_without_labels_are_orphaned_with_its_AccessRequest()
    {
        var tenant = Orphans(All(Complete).Select(each => each.Kind == PlatformKinds.AccessRequest ? each : Unlabelled(each))).Single();

        Assert.That(
            tenant.Objects.Select(each => each.Kind.Kind),
            Is.EqualTo(["HelmRelease", "OCIRepository", "AccessRequest", "Secret", "Secret"]));
    }

    [Test]
    public void A_HelmRelease_of_the_Go_provider_is_orphaned_with_an_AccessRequest_that_names_no_Secret() => Assert.That(
        Orphans(All(Complete).Select(each => each.Kind == PlatformKinds.AccessRequest
            ? each with { Observed = each.Observed.Patched("""{ "status": null }""") }
            : Unlabelled(each))).Single().Objects,
        Has.Count.EqualTo(5));

    [Test]
    public void An_AccessRequest_whose_label_was_removed_is_orphaned_with_objects_that_have_theirs() => Assert.That(
        Orphans(All(Complete).Select(each => each.Kind == PlatformKinds.AccessRequest ? Unlabelled(each) : each)).Single().Objects,
        Has.Count.EqualTo(5));

    [Test]
    public void Nothing_is_orphaned_if_no_object_has_the_labels() => Assert.That(Orphans(All(Complete).Select(Unlabelled)), Is.Empty);

    [TestCase("""{ "metadata": { "labels": { "openmcp.cloud/managed-by": "another" } } }""")]
    [TestCase("""{ "spec": { "kubeConfig": { "secretRef": { "name": "another" } } } }""")]
    public void A_HelmRelease_of_another_component_is_not_orphaned_and_neither_is_what_it_may_use(string patch)
    {
        var tenant = Orphans(All(Complete).Select(each =>
            each.Kind == PlatformKinds.AccessRequest ? each
            : each.Kind == PlatformKinds.HelmRelease ? Unlabelled(each) with { Observed = Unlabelled(each).Observed.Patched(patch) }
            : Unlabelled(each))).Single();

        Assert.That(tenant.Objects.Select(each => each.Kind.Kind), Is.EqualTo(["AccessRequest"]));
    }

    [Test]
    public void Secrets_of_other_names_are_not_orphaned()
    {
        var other = Unlabelled(All(Complete).First(each => each.Kind == Kinds.Secret));
        var secret = other with { Observed = other.Observed.Patched("""{ "metadata": { "name": "kubeconfig" } }""") };

        Assert.That(Orphans([.. All(Complete), secret]).Single().Objects, Has.Count.EqualTo(5));
    }

    [Test]
    public void Objects_outside_of_tenant_namespaces_are_not_orphaned() => Assert.That(
        Orphans(All(Complete).Select(each => each with
        {
            Observed = each.Observed.Patched("""{ "metadata": { "namespace": "openmcp-system" } }"""),
        })),
        Is.Empty);

    [Test]
    public void Nothing_of_a_tenant_is_orphaned_while_one_of_its_objects_is_migrated()
    {
        var all = All(Complete).ToList();
        all[0] = all[0] with
        {
            Observed = all[0].Observed.Patched($$"""{ "metadata": { "annotations": { "{{Group}}/migration": "" } } }"""),
        };

        Assert.That(Orphans(all), Is.Empty);
    }

    [Test]
    public void The_OCM_is_named_even_if_its_name_is_too_long_for_a_label()
    {
        var key = new ObjectKey("project-team", new string('a', 70));
        var tenant = PlatformNames.TenantNamespace(key.Namespace, key.Name);
        var access = new ManagedObject(PlatformKinds.AccessRequest, Core.Plan.Manifests.AccessRequest(An.Identity, key, tenant));

        Assert.That(Orphans([access]).Single().Ocm, Is.EqualTo(key));
    }

    [Test]
    public void The_OCM_is_not_named_if_labels_do_not_prove_it()
    {
        var tenant = Orphans(All(Complete).Select(each => Labelled(each, "openmcp.cloud/onboarding-namespace", "another"))).Single();

        Assert.That(tenant.Ocm, Is.Null);
        Assert.That(tenant.Message, Does.StartWith($"The OCM of tenant namespace {An.Tenant} does not exist"));
    }

    [Test]
    public void The_namespace_of_the_OCM_is_known_even_if_its_name_is_not()
    {
        var tenant = Orphans(All(Complete).Where(each => each.Kind != PlatformKinds.AccessRequest)
            .Select(each => Labelled(each, "openmcp.cloud/onboarding-name", "shortened"))).Single();

        Assert.That((tenant.Ocm, tenant.OnboardingNamespace), Is.EqualTo(((ObjectKey?)null, "project-team")));
    }

    private static IReadOnlyList<OrphanedTenant> Orphans(IEnumerable<ManagedObject> observed) =>
        OrphanFinder.Orphans(An.Identity, observed, _ => false);

    private static IEnumerable<ManagedObject> All(Observation observation) =>
    [
        .. observation.SecretCopies.Select(copy => new ManagedObject(Kinds.Secret, copy)),
        new ManagedObject(PlatformKinds.AccessRequest, observation.AccessRequest!),
        new ManagedObject(PlatformKinds.OciRepository, observation.OciRepository!),
        new ManagedObject(PlatformKinds.HelmRelease, observation.HelmRelease!),
    ];

    private static ManagedObject Unlabelled(ManagedObject each)
    {
        var unlabelled = each.Observed.Patched("""{ "metadata": { "labels": null } }""");
        return each with { Observed = unlabelled.OwnedAs(unlabelled.Ownership with { IsWrittenByProvider = true }) };
    }

    private static ManagedObject Labelled(ManagedObject each, string label, string? value) => each with
    {
        Observed = each.Observed.Patched(
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } }),
    };
}
