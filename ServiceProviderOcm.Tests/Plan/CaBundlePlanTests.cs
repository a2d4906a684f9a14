using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Where a CA bundle goes, and how it goes away again.</summary>
public sealed class CaBundlePlanTests
{
    private const string Bundle = "sp-ocm-ca-bundle";

    private static readonly ObservedControlPlane Empty = ObservedControlPlane.Of(null, [], []);
    private static readonly string ApplySecret = $"Platform: apply Secret {An.Tenant}/{Bundle}";
    private static readonly string ApplyMap = $"ControlPlane: apply ConfigMap ocm-k8s-toolkit-system/{Bundle}";
    private static readonly string ApplySource = $"Platform: apply OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string ApplyRelease = $"Platform: apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchSource = $"Platform: patch OCIRepository {An.Tenant}/sp-ocm-k8s-toolkit";
    private static readonly string PatchRelease = $"Platform: patch HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit";

    [Test]
    public void It_is_in_place_before_anybody_refers_to_it()
    {
        var plan = Planner.Plan(An.Observation().WithCaBundle().Granted() with { ControlPlane = Empty });

        Assert.That(
            plan.Steps(),
            Is.EqualTo([ApplySecret, ApplySource, "ControlPlane: apply Namespace ocm-k8s-toolkit-system", ApplyMap, ApplyRelease]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "certSecretRef", "name"), Is.EqualTo(Bundle));
        Assert.That(plan.Apply("HelmRelease").Manifest.Json.At("spec", "postRenderers"), Is.Null);
    }

    [Test]
    public void When_it_is_in_place_nothing_is_written() => Assert.That(
        Planner.Plan(An.Observation().WithPullSecret().WithCaBundle(isInjected: true).Complete()).Steps, Is.Empty);

    [Test]
    public void A_new_bundle_gets_everywhere_and_the_toolkit_is_restarted_where_it_is_injected()
    {
        var observation = An.Observation().WithCaBundle(isInjected: true).Complete();

        var plan = Planner.Plan(observation with { CaBundle = observation.CaBundle! with { Pem = "others\n" } });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySecret, ApplyMap, ApplyRelease]));
    }

    [Test]
    public void A_new_bundle_leaves_a_release_alone_where_it_is_not_injected()
    {
        var observation = An.Observation().WithCaBundle().Complete();

        var plan = Planner.Plan(observation with { CaBundle = observation.CaBundle! with { Pem = "others\n" } });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySecret, ApplyMap]));
    }

    [Test]
    public void Without_the_reference_everything_goes_again_after_those_that_refer_to_it()
    {
        var plan = Planner.Plan(An.Observation().WithCaBundle(isInjected: true).Complete() with { CaBundle = null });

        Assert.That(plan.Steps(), Is.EqualTo([
            PatchSource,
            PatchRelease,
            $"Platform: delete Secret {An.Tenant}/{Bundle}",
            $"ControlPlane: delete ConfigMap ocm-k8s-toolkit-system/{Bundle}",
        ]));
        PlanReading.IsJson(plan.Patch("OCIRepository").Patch, """{ "spec": { "certSecretRef": null } }""");
        PlanReading.IsJson(plan.Patch("HelmRelease").Patch, """{ "spec": { "postRenderers": null } }""");
    }

    [Test]
    public void A_faulty_bundle_is_reported_and_nothing_is_written()
    {
        var fault = Verdict.Fault(Reasons.CaBundleInvalid, "It is no good.");
        var observation = An.Observation().WithCaBundle().Complete();

        var plan = Planner.Plan(observation with { CaBundle = An.CaBundle with { Pem = "", Fault = fault } });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Verdict, Is.EqualTo(fault));
    }

    [Test]
    public void A_faulty_bundle_does_not_hold_up_a_deletion()
    {
        var observation = An.Observation().WithCaBundle().Complete().Deleting() with { Repositories = ObservedRepositories.Of() };

        var plan = Planner.Plan(observation with { CaBundle = An.CaBundle with { Pem = "", Fault = Verdict.Fault("Any", "Any.") } });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit"]));
    }

    [Test]
    public void A_pull_secret_whose_copy_would_have_the_same_name_is_refused()
    {
        var observation = An.Observation().WithCaBundle().WithConfig("""{ "imagePullSecret": { "name": "ca-bundle" } }""");

        var plan = Planner.Plan(observation with { SourceSecrets = new Dictionary<string, KubeObject> { ["ca-bundle"] = An.Source("ca-bundle") } });

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.InvalidProviderConfig, Phase.Progressing, Severity.Fault, "\"ca-bundle\"", Bundle, "another name");
    }
}
