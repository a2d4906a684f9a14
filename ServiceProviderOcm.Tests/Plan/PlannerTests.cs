using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class PlannerTests
{
    private const string PatchOcm = "Onboarding: patch OCM project-team/alpha";

    private static readonly SourceTrouble Starting = new("platform cluster", Kinds.Secret, InformerState.Starting);

    [Test]
    public void Ignore_leaves_a_new_OCM_alone() =>
        Assert.That(Planner.Plan(Annotated(An.Observation(), "ignore")), Is.SameAs(ReconcilePlan.Nothing));

    [Test]
    public void Ignore_leaves_an_OCM_that_is_being_deleted_alone() => Assert.That(
        Planner.Plan(Annotated(An.Observation().Complete().Deleting(), "ignore")), Is.SameAs(ReconcilePlan.Nothing));

    [Test]
    public void Other_operations_mean_nothing() =>
        Assert.That(Planner.Plan(Annotated(An.Observation().Complete(), "Reconcile")).Steps, Is.Empty);

    [Test]
    public void Reconcile_writes_everything_again_and_takes_the_annotation_away_last()
    {
        var plan = Planner.Plan(Annotated(An.Observation().WithPullSecret().Complete(), "reconcile"));

        Assert.That(plan.Steps.Select(step => step.Kind.Kind), Is.EqualTo(["AccessRequest", "Secret", "OCIRepository", "HelmRelease", "OCM"]));
        Assert.That(plan.Steps.SkipLast(1), Has.All.InstanceOf<ApplyStep>());
        PlanReading.IsJson(plan.Patch("OCM").Patch, """{ "metadata": { "annotations": { "openmcp.cloud/operation": null } } }""");
        plan.Says(Reasons.ReconcileSuccess, Phase.Ready, Severity.Success);
    }

    [Test]
    public void Reconcile_fires_once_even_if_the_inputs_are_wrong()
    {
        var plan = Planner.Plan(Annotated(An.Observation() with { ProviderConfig = null }, "reconcile"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm]));
        plan.Says(Reasons.ProviderConfigMissing, Phase.Progressing, Severity.Fault);
    }

    [Test]
    public void Reconcile_stays_until_the_stores_are_full() => Assert.That(
        Planner.Plan(Annotated(An.Observation() with { Troubles = [Starting] }, "reconcile")), Is.SameAs(ReconcilePlan.Nothing));

    [Test]
    public void Reconcile_on_an_OCM_that_is_being_deleted_takes_the_annotation_away_first()
    {
        var plan = Planner.Plan(Annotated(An.Observation().Complete().Deleting(), "reconcile"));

        Assert.That(plan.Steps(), Is.EqualTo([PatchOcm]));
        Assert.That(plan.Verdict, Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void While_stores_fill_up_nothing_is_done_or_said(bool isDeleting)
    {
        var observation = An.Observation().Complete() with { Troubles = [Starting] };

        Assert.That(Planner.Plan(isDeleting ? observation.Deleting() : observation), Is.SameAs(ReconcilePlan.Nothing));
    }

    [Test]
    public void The_values_of_Secrets_are_never_told()
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
                SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source(type: "Opaque") },
            },
            (drifted with { HelmRelease = null }).Deleting(),
        ];

        foreach (var each in all)
        {
            var plan = Planner.Plan(each);
            Assert.That(plan.Steps.Any(step => step.Kind == Kinds.Secret) || plan.Verdict?.Severity == Severity.Fault, Is.True);
            Assert.That(
                string.Join('\n', plan.Steps.Select(step => $"{step} {step.Description}").Append($"{plan} {plan.Verdict} {each}")),
                Does.Not.Contain(An.SecretValue));
        }
    }

    private static Observation Annotated(Observation observation, string operation) =>
        observation.WithOcm($$"""{ "metadata": { "annotations": { "openmcp.cloud/operation": "{{operation}}" } } }""");
}
