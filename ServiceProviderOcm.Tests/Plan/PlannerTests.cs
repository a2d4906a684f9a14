using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class PlannerTests
{
    private const string PatchOcm = "Onboarding: patch OCM project-team/alpha";

    private static readonly StaleSource Starting = new StaleSource.Starting("platform cluster", Kinds.Secret);

    [Test]
    public void A_new_OCM_with_ignore_is_not_modified() =>
        Planner.Plan(Annotated(An.Observation(), "ignore")).DoesNothing(OcmState.Ignored);

    [Test]
    public void An_OCM_with_ignore_that_is_being_deleted_is_not_modified() =>
        Planner.Plan(Annotated(An.Observation().Complete().Deleting(), "ignore")).DoesNothing(OcmState.Ignored);

    [Test]
    public void Unknown_operations_are_ignored() =>
        Assert.That(Planner.Plan(Annotated(An.Observation().Complete(), "Reconcile")).Steps, Is.Empty);

    [Test]
    public void Reconcile_applies_everything_again_and_removes_the_annotation_last()
    {
        var plan = Planner.Plan(Annotated(An.Observation().WithPullSecret().Complete(), "reconcile"));

        Assert.That(plan.Steps.Select(step => step.Kind.Kind), Is.EqualTo(["AccessRequest", "Secret", "OCIRepository", "HelmRelease", "OCM"]));
        Assert.That(plan.Steps.SkipLast(1), Has.All.InstanceOf<ApplyStep>());
        PlanReading.IsJson(plan.Patch("OCM").Patch, """{ "metadata": { "resourceVersion": "7", "annotations": { "openmcp.cloud/operation": null } } }""");
        plan.Reports(Reasons.ReconcileSuccess, Phase.Ready, Health.Ready);
    }

    [Test]
    public void The_reconcile_annotation_is_removed_from_any_version_if_the_plan_also_adds_the_finalizer()
    {
        var patches = Planner.Plan(Annotated(An.Observation(), "reconcile")).Steps.OfType<PatchStep>().ToList();

        Assert.That(patches.Select(step => step.Kind.Kind), Is.EqualTo(["OCM", "OCM"]));
        Assert.That(patches[0].Patch.At("metadata", "finalizers"), Is.Not.Null);
        PlanReading.IsJson(patches[1].Patch, """{ "metadata": { "annotations": { "openmcp.cloud/operation": null } } }""");
    }

    [Test]
    public void Reconcile_applies_once_even_if_the_inputs_are_invalid()
    {
        var plan = Planner.Plan(Annotated(An.Observation() with { Config = InstallConfig.Missing(An.Identity) }, "reconcile"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm]));
        plan.Reports(Reasons.ProviderConfigMissing, Phase.Progressing, Health.Degraded);
    }

    [Test]
    public void The_reconcile_annotation_stays_until_the_informers_have_synced() =>
        Planner.Plan(Annotated(An.Observation() with { StaleSources = [Starting] }, "reconcile")).DoesNothing(OcmState.Starting);

    [Test]
    public void Reconcile_on_an_OCM_that_is_being_deleted_removes_the_annotation_first()
    {
        var plan = Planner.Plan(Annotated(An.Observation().Complete().Deleting(), "reconcile"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm]));
        Assert.That(plan.Status.Health, Is.EqualTo(Health.Unreported));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Nothing_is_written_or_reported_until_the_informers_have_synced(bool isDeleting)
    {
        var observation = An.Observation().Complete() with { StaleSources = [Starting] };

        Planner.Plan(isDeleting ? observation.Deleting() : observation).DoesNothing(OcmState.Starting);
    }

    [Test]
    public void Data_of_Secrets_never_appears_in_plans_or_messages()
    {
        var observation = An.Observation().WithPullSecret();
        var drifted = observation.Complete() with { OciRepository = null };
        Observation[] all =
        [
            observation.Granted(),
            drifted with { SecretCopies = [drifted.SecretCopies[0].WithForeign($$"""{ "data": { "extra": "{{An.SecretValue}}" } }""")] },
            drifted with { SecretCopies = [drifted.SecretCopies[0].Patched("""{ "type": "Opaque" }""")] },
            drifted with
            {
                SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "kubernetes.io/basic-auth") },
            },
            (drifted with { HelmRelease = null }).Deleting(),
        ];

        foreach (var each in all)
        {
            var plan = Planner.Plan(each);
            Assert.That(plan.Steps.Any(step => step.Kind == Kinds.Secret) || plan.Status.Health == Health.Degraded, Is.True);
            Assert.That(
                string.Join('\n', plan.Steps.Select(step => $"{step} {step.Description}").Append($"{plan} {plan.Status} {each}")),
                Does.Not.Contain(An.SecretValue));
        }
    }

    private static Observation Annotated(Observation observation, string operation) =>
        observation.WithOcm($$"""{ "metadata": { "annotations": { "openmcp.cloud/operation": "{{operation}}" } } }""");
}
