using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Where a CA bundle is copied to, and how the copies are pruned.</summary>
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
    public void The_CA_bundle_is_copied_before_an_object_refers_to_it()
    {
        var plan = Planner.Plan(An.Observation().WithCaBundle().Granted() with { ControlPlane = Empty });

        Assert.That(
            plan.Steps(),
            Is.EqualTo([ApplySecret, ApplySource, "ControlPlane: apply Namespace ocm-k8s-toolkit-system", ApplyMap, ApplyRelease]));
        Assert.That(plan.Apply("OCIRepository").Manifest.Json.Text("spec", "certSecretRef", "name"), Is.EqualTo(Bundle));
        Assert.That(plan.Apply("HelmRelease").Manifest.Json.At("spec", "postRenderers"), Is.Null);
    }

    [Test]
    public void Without_drift_of_the_CA_bundle_nothing_is_written() => Assert.That(
        Planner.Plan(An.Observation().WithPullSecret().WithCaBundle(isInjected: true).Complete()).Steps, Is.Empty);

    [Test]
    public void A_CA_bundle_of_another_namespace_on_the_control_plane_is_none_of_the_providers()
    {
        var complete = An.Observation().WithPullSecret().WithCaBundle(isInjected: true).Complete();
        var bundle = complete.ControlPlane.ConfigMaps.Single();
        var other = bundle.Patched("""{ "metadata": { "namespace": "other" }, "data": null }""");

        var plan = Planner.Plan(complete with { ControlPlane = complete.ControlPlane with { ConfigMaps = [other, bundle, other] } });

        Assert.That(plan.Steps, Is.Empty);
    }

    [Test]
    public void A_new_CA_bundle_is_copied_everywhere_and_restarts_the_toolkit_where_it_is_injected()
    {
        var observation = An.Observation().WithCaBundle(isInjected: true).Complete();

        var plan = Planner.Plan(observation with { CaBundle = observation.CaBundle! with { Pem = "others\n" } });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySecret, ApplyMap, ApplyRelease]));
    }

    [Test]
    public void A_new_CA_bundle_does_not_change_a_HelmRelease_into_which_it_is_not_injected()
    {
        var observation = An.Observation().WithCaBundle().Complete();

        var plan = Planner.Plan(observation with { CaBundle = observation.CaBundle! with { Pem = "others\n" } });

        Assert.That(plan.Steps(), Is.EqualTo([ApplySecret, ApplyMap]));
    }

    [Test]
    public void Copies_of_a_CA_bundle_that_is_no_longer_configured_are_pruned_after_the_objects_that_refer_to_them()
    {
        var observation = An.Observation().WithCaBundle(isInjected: true).Complete() with { CaBundle = CaBundle.None };

        var plan = Planner.Plan(observation);

        Assert.That(plan.Steps(), Is.EqualTo([PatchSource, $"Platform: delete Secret {An.Tenant}/{Bundle}"]));
        PlanReading.IsJson(plan.Patch("OCIRepository").Patch, """{ "spec": { "certSecretRef": null } }""");

        plan = Planner.Plan(observation with
        {
            OciRepository = observation.OciRepository!
                .Patched("""{ "metadata": { "generation": 2 }, "spec": { "certSecretRef": null } }""").FluxReady(),
            SecretCopies = [],
        });

        Assert.That(plan.Steps(), Is.EqualTo([PatchRelease]));
        PlanReading.IsJson(plan.Patch("HelmRelease").Patch, """{ "spec": { "postRenderers": null } }""");

        var upgraded = An.Observation().Complete();
        plan = Planner.Plan(observation with
        {
            OciRepository = upgraded.OciRepository,
            HelmRelease = upgraded.HelmRelease,
            SecretCopies = [],
        });

        Assert.That(plan.Steps(), Is.EqualTo([$"ControlPlane: delete ConfigMap ocm-k8s-toolkit-system/{Bundle}"]));
    }

    [Test]
    public void An_invalid_CA_bundle_is_reported_and_nothing_is_written()
    {
        var error = new ReadyStatus(OcmState.CaBundleInvalid, "It is invalid.");
        var observation = An.Observation().WithCaBundle().Complete();

        var plan = Planner.Plan(observation with { CaBundle = CaBundle.Unusable(error) });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Status, Is.EqualTo(error));
    }

    [Test]
    public void An_invalid_CA_bundle_does_not_block_a_deletion()
    {
        var observation = An.Observation().WithCaBundle().Complete().Deleting() with { UserObjects = ObservedUserObjects.Of() };

        var plan = Planner.Plan(observation with { CaBundle = CaBundle.Unusable(new ReadyStatus(OcmState.CaBundleMissing, "Any.")) });

        Assert.That(plan.Steps(), Is.EqualTo([$"Platform: delete HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit"]));
    }
}
