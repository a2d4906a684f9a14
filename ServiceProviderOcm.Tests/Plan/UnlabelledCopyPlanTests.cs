using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>The copies on the control plane that the Go provider has left without labels.</summary>
public sealed class UnlabelledCopyPlanTests
{
    private const string Annotation = "ocm.services.openmcp.cloud/unlabelled-copies-on-control-plane";
    private const string DeleteFormer = "ControlPlane: delete Secret ocm-k8s-toolkit-system/former";

    private static readonly FieldOwnership ByGo = FieldOwnership.None with { IsWrittenByProvider = true, IsUpdatedByProvider = true };
    private static readonly KubeObject Former = Secret("former", ByGo);

    private static Observation TakenOver
    {
        get
        {
            var complete = An.Observation().WithToolkitPullSecret().Complete();
            return complete with
            {
                AccessRequest = complete.AccessRequest!.Patched($$"""{ "metadata": { "annotations": { "{{Annotation}}": "true" } } }"""),
            };
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void An_AccessRequest_that_the_Go_provider_has_written_last_is_recorded_to_have_unlabelled_copies(bool isWrittenByGo)
    {
        var complete = An.Observation().WithToolkitPullSecret().Complete();
        var access = complete.AccessRequest!.Patched("""{ "metadata": { "labels": { "openmcp.cloud/onboarding-name": "x" } } }""");

        var plan = Planner.Plan(complete with { AccessRequest = access.OwnedAs(access.Ownership with { IsUpdatedLast = isWrittenByGo }) });

        Assert.That(plan.Apply("AccessRequest").Manifest.Annotations.ContainsKey(Annotation), Is.EqualTo(isWrittenByGo));
    }

    [Test]
    public void Unlabelled_Secrets_are_listed_while_the_record_exists()
    {
        var plan = Planner.Plan(TakenOver);

        Assert.That(plan.ControlPlaneScope, Is.EqualTo(ControlPlaneScope.ManagedObjects | ControlPlaneScope.UnlabelledSecrets));
        Assert.That(plan.Steps, Is.Empty);
    }

    [Test]
    public void A_copy_that_is_not_referenced_is_deleted_in_the_version_that_was_observed()
    {
        var plan = Planner.Plan(TakenOver with { UnlabelledSecrets = [Former] });

        Assert.That(plan.Steps(), Is.EqualTo([DeleteFormer]));
        Assert.That(plan.Steps.OfType<DeleteStep>().Single().IsOfVersion, Is.True);
    }

    [Test]
    public void A_copy_stays_until_Flux_has_deployed_the_release_and_a_record_of_none_does_not_wait_for_that()
    {
        var failed = TakenOver with { HelmRelease = TakenOver.HelmRelease!.FluxReports("False", "timed out") };

        Assert.That(Planner.Plan(failed with { UnlabelledSecrets = [Former] }).Steps, Is.Empty);
        Assert.That(Planner.Plan(failed with { UnlabelledSecrets = [] }).Steps.Select(step => step.Kind.Kind), Is.EqualTo(["AccessRequest"]));
    }

    [Test]
    public void A_copy_that_is_referenced_or_being_deleted_stays_and_so_does_the_record() => Assert.That(
        Planner.Plan(TakenOver with { UnlabelledSecrets = [Secret("registry", ByGo), Former.BeingDeleted()] }).Steps, Is.Empty);

    private static IEnumerable<FieldOwnership> Others() =>
    [
        FieldOwnership.None,
        ByGo with { IsUpdatedByProvider = false },
        ByGo with { HasOtherManager = true },
        ByGo with { Applied = [["data", "key"]] },
    ];

    [TestCaseSource(nameof(Others))]
    public void A_Secret_that_others_have_written_stays_and_the_record_is_removed(FieldOwnership ownership)
    {
        var plan = Planner.Plan(TakenOver with { UnlabelledSecrets = [Secret("former", ownership)] });

        Assert.That(
            plan.Steps.OfType<PatchStep>().Single().Patch.GetRawText(),
            Is.EqualTo($$$$"""{"metadata":{"annotations":{"{{{{Annotation}}}}":null}}}"""));
        Assert.That(plan.Steps, Has.Count.EqualTo(1));
    }

    private static KubeObject Secret(string name, FieldOwnership ownership) => KubeObject
        .Parse($$"""{ "kind": "Secret", "metadata": { "name": "{{name}}", "namespace": "ocm-k8s-toolkit-system", "uid": "1", "resourceVersion": "7" } }""")
        .OwnedAs(ownership);
}
