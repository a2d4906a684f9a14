using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>How the pull secret is copied to the tenant namespace, and pruned there.</summary>
public sealed class SecretCopyPlanTests
{
    private static readonly string ApplySource = $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchSource = $"Platform: patch OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyRelease = $"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyCopy = $"Platform: apply Secret {An.Tenant}/sp-ocm-registry";

    [Test]
    public void A_pull_secret_is_copied_before_the_OCIRepository_refers_to_it()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Granted());

        Assert.That(plan.Steps(), Is.EqualTo([ApplyCopy, ApplySource, ApplyRelease]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "secretRef", "name"), Is.EqualTo("sp-ocm-registry"));
    }

    [TestCase("kubernetes.io/dockerconfigjson", ".dockerconfigjson")]
    [TestCase("kubernetes.io/dockercfg", ".dockercfg")]
    public void A_copy_has_only_the_key_of_its_type(string type, string key)
    {
        var source = An.Source(type: type).Patched("""{ "data": { ".dockerconfigjson": "YQ==", ".dockercfg": "YQ==", "password": "YQ==" } }""");

        var copies = new[]
        {
            Manifests.SecretCopy(An.Identity, An.Ocm().Key, An.Tenant, source, []), Manifests.ToolkitPullSecret(An.Identity, source, []),
        };

        Assert.That(copies.Select(copy => copy.At("data")!.Value.GetRawText()), Is.All.EqualTo($$"""{"{{key}}":"YQ=="}"""));
    }

    [Test]
    public void A_renewed_pull_secret_is_copied_again()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var plan = Planner.Plan(observation with
        {
            SourceSecrets = new Dictionary<string, KubeObject>
            {
                [An.PullSecret] = An.Source().Patched("""{ "data": { ".dockerconfigjson": "bmV3" } }"""),
            },
        });

        Assert.That(plan.Steps(), Is.EqualTo([ApplyCopy]));
    }

    [Test]
    public void A_Secret_copy_of_another_type_is_recreated_because_the_type_is_immutable()
    {
        var observation = An.Observation().WithPullSecret().Complete();

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].Patched("""{ "type": "Opaque" }""")] });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete Secret {An.Tenant}/sp-ocm-registry", ApplyCopy]));
    }

    [Test]
    public void A_Secret_copy_of_another_type_is_recreated_after_its_deletion()
    {
        var observation = An.Observation().WithPullSecret().Complete();
        var copy = observation.SecretCopies[0].Patched("""{ "type": "Opaque" }""").BeingDeleted();

        Assert.That(Planner.Plan(observation with { SecretCopies = [copy] }).Steps, Is.Empty);
    }

    [Test]
    public void A_Secret_copy_that_is_no_longer_referenced_is_pruned_after_the_OCIRepository_has_changed()
    {
        var plan = Planner.Plan(An.Observation().WithPullSecret().Complete().WithConfig("{}"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchSource, $"Platform: delete Secret {An.Tenant}/sp-ocm-registry"]));
    }

    [Test]
    public void A_Secret_copy_that_is_being_deleted_is_not_deleted_again()
    {
        var observation = An.Observation().WithPullSecret().Complete().WithConfig("{}");

        var plan = Planner.Plan(observation with { SecretCopies = [observation.SecretCopies[0].BeingDeleted()] });

        Assert.That(plan.Steps(), Is.EqualTo([PatchSource]));
    }
}
