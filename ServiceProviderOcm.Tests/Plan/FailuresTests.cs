using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class FailuresTests
{
    private static readonly InformerState NotServed = new(HasSynced: true, IsServed: false, Failure: null);

    [TestCase(403, "PlatformForbidden", "grant the missing permission")]
    [TestCase(401, "PlatformForbidden", "renew our credentials")]
    [TestCase(409, "PlatformConflict", "tried again")]
    [TestCase(0, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(408, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(429, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(500, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(503, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(400, "PlatformRejected", "look into it")]
    [TestCase(404, "PlatformRejected", "create what is missing")]
    [TestCase(405, "PlatformRejected", "look into it")]
    [TestCase(413, "PlatformRejected", "look into it")]
    [TestCase(422, "PlatformRejected", "look into it")]
    public void Each_refusal_of_a_write_has_a_reason_and_a_cure(int code, string reason, string cure)
    {
        var step = new ApplyStep(TargetCluster.Platform, Kinds.HelmRelease, An.Observation().Complete().HelmRelease!);

        var verdict = Failures.OfStep(step, new KubernetesApiException(code, "Reason", "the server's words."));

        verdict.Says(reason, Phase.Progressing, Severity.Fault, cure);
        Assert.That(
            verdict.Message,
            Does.StartWith($"Platform cluster: cannot apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit: the server's words. "));
    }

    [Test]
    public void A_write_to_the_onboarding_cluster_says_so()
    {
        var step = new PatchStep(TargetCluster.Onboarding, An.Identity.Api.Ocm, An.Ocm().Key, An.Ocm().Json);

        var verdict = Failures.OfStep(step, new KubernetesApiException(403, "Forbidden", "no"));

        verdict.Says("OnboardingForbidden", Phase.Progressing, Severity.Fault, "Onboarding cluster", "patch OCM project-team/alpha");
    }

    [TestCase(403, "ControlPlaneForbidden", "control plane's owner has to grant")]
    [TestCase(422, "ControlPlaneRejected", "control plane's owner has to look into it")]
    [TestCase(0, "ControlPlaneUnavailable", "until the cluster answers")]
    public void A_write_to_a_control_plane_says_so(int code, string reason, string cure)
    {
        var step = new ApplyStep(TargetCluster.ControlPlane, Kinds.Secret, Manifests.ToolkitPullSecret(An.Identity, An.Source()));

        var verdict = Failures.OfStep(step, new KubernetesApiException(code, "Reason", "denied by a policy"));

        verdict.Says(reason, Phase.Progressing, Severity.Fault, cure);
        Assert.That(
            verdict.Message, Does.StartWith("Control plane: cannot apply Secret ocm-k8s-toolkit-system/registry: denied by a policy. "));
    }

    [TestCase(403, "PlatformForbidden")]
    [TestCase(0, "PlatformUnavailable")]
    [TestCase(410, "PlatformRejected")]
    public void A_kind_that_cannot_be_read_is_named(int code, string reason)
    {
        var plan = Planner.Plan(Troubled(Kinds.AccessRequest, Failing(code)));

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(reason, Phase.Progressing, Severity.Fault, "Platform cluster", "accessrequests.clusters.openmcp.cloud", "no luck");
    }

    [Test]
    public void A_kind_that_cannot_be_read_holds_a_deletion_up()
    {
        var plan = Planner.Plan(Troubled(Kinds.Secret, Failing(503)).Deleting());

        Assert.That(plan.Steps, Is.Empty);
        plan.Says("PlatformUnavailable", Phase.Terminating, Severity.Fault, "cannot read secrets");
    }

    [Test]
    public void A_failure_says_more_than_a_store_that_fills_up()
    {
        var observation = Troubled(Kinds.Secret, Failing(503));

        var plan = Planner.Plan(observation with
        {
            Troubles = [new SourceTrouble("platform cluster", Kinds.Namespace, InformerState.Starting), .. observation.Troubles],
        });

        plan.Says("PlatformUnavailable", Phase.Progressing, Severity.Fault, "cannot read secrets");
    }

    [TestCaseSource(nameof(FluxKinds))]
    public void A_platform_without_Flux_is_told_apart(ResourceKind kind)
    {
        var plan = Planner.Plan(Troubled(kind, NotServed));

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(Reasons.FluxNotInstalled, Phase.Progressing, Severity.Fault, kind.QualifiedPlural, kind.Version, "Flux");
    }

    [Test]
    public void A_platform_without_openMCP_is_told_apart()
    {
        var plan = Planner.Plan(Troubled(Kinds.ClusterRequest, NotServed));

        Assert.That(plan.Steps, Is.Empty);
        plan.Says(
            Reasons.PlatformNotInstalled, Phase.Progressing, Severity.Fault, "clusterrequests.clusters.openmcp.cloud", "CustomResourceDefinition");
    }

    [Test]
    public void Without_Flux_there_is_nothing_of_Flux_to_wait_for()
    {
        var observation = Troubled(Kinds.HelmRelease, NotServed).Deleting() with
        {
            HelmRelease = null,
            Repositories = ObservedRepositories.Of(),
        };

        Assert.That(Planner.Plan(observation).Steps.Select(step => step.Kind), Is.EqualTo([Kinds.OciRepository]));
    }

    [Test]
    public void A_deletion_does_not_take_a_kind_that_is_not_served_for_a_control_plane_that_is_gone()
    {
        var plan = Planner.Plan(Troubled(Kinds.ClusterRequest, NotServed).Deleting() with { ClusterRequest = null });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Verdict!.Reason, Is.EqualTo(Reasons.PlatformNotInstalled));
    }

    [Test]
    public void A_deletion_can_do_without_what_only_tells_what_to_install()
    {
        var observation = An.Observation().Complete().Deleting() with
        {
            Repositories = ObservedRepositories.Of(),
            Troubles = [new SourceTrouble("platform cluster", Kinds.Secret, Failing(403), IsInput: true)],
        };

        Assert.That(Planner.Plan(observation).Steps.Select(step => step.Kind), Is.EqualTo([Kinds.HelmRelease]));
    }

    private static IEnumerable<ResourceKind> FluxKinds() => [Kinds.OciRepository, Kinds.HelmRelease];

    private static InformerState Failing(int code) =>
        new(HasSynced: true, IsServed: true, new KubernetesApiException(code, "Reason", "no luck"));

    private static Observation Troubled(ResourceKind kind, InformerState state) =>
        An.Observation().Complete() with { Troubles = [new SourceTrouble("platform cluster", kind, state)] };
}
