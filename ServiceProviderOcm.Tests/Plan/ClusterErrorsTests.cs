using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class ClusterErrorsTests
{
    [TestCase(403, "PlatformForbidden", "A platform operator must grant the missing permission")]
    [TestCase(401, "PlatformForbidden", "A platform operator must renew the credentials")]
    [TestCase(409, "PlatformConflict", "It is retried")]
    [TestCase(0, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(408, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(429, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(500, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(503, "PlatformUnavailable", "until the cluster answers")]
    [TestCase(400, "PlatformRejected", "A platform operator must correct what the server reports")]
    [TestCase(404, "PlatformRejected", "a platform operator must create what is missing")]
    [TestCase(405, "PlatformRejected", "A platform operator must correct what the server reports")]
    [TestCase(413, "PlatformRejected", "A platform operator must correct what the server reports")]
    [TestCase(422, "PlatformRejected", "A platform operator must correct the fields that the server rejects")]
    public void Each_error_of_a_write_has_a_reason_and_a_fix(int code, string reason, string fix)
    {
        var step = new ApplyStep(TargetCluster.Platform, PlatformKinds.HelmRelease, An.Observation().Complete().HelmRelease!, new ApplyTarget.Missing());

        var status = ClusterErrors.OfStep(step, new KubernetesApiException(code, "Reason", "the server's words."));

        status.Reports(reason, Phase.Progressing, Health.Degraded, fix);
        Assert.That(
            status.Message,
            Does.StartWith($"Platform cluster: cannot apply HelmRelease {An.Tenant}/sp-ocm-k8s-toolkit: the server's words. "));
    }

    [Test]
    public void An_error_of_the_onboarding_cluster_is_reported_as_such()
    {
        var step = new PatchStep(TargetCluster.Onboarding, An.Identity.Api.Ocm, An.Ocm(), An.Ocm().Json);

        var status = ClusterErrors.OfStep(step, new KubernetesApiException(403, "Forbidden", "no"));

        status.Reports("OnboardingForbidden", Phase.Progressing, Health.Degraded, "Onboarding cluster", "patch OCM project-team/alpha");
    }

    [TestCase(TargetCluster.Platform, "A platform operator must reduce what the cluster sends, or raise the limit")]
    [TestCase(TargetCluster.Onboarding, "A platform operator must reduce what the cluster sends, or raise the limit")]
    [TestCase(TargetCluster.ControlPlane, "The owner of the control plane must reduce what it sends, or a platform operator must raise the limit")]
    public void A_limit_that_is_exceeded_is_not_said_to_be_retried_until_the_cluster_answers(TargetCluster cluster, string fix)
    {
        var step = new PatchStep(cluster, An.Identity.Api.Ocm, An.Ocm(), An.Ocm().Json);

        var status = ClusterErrors.OfStep(step, ApiErrors.OverLimit("list x: there are at least 3 objects, and the limit is 2 (--flag)"));

        status.Reports("LimitExceeded", Phase.Progressing, Health.Degraded, fix, "at least 3 objects", "--flag");
        Assert.That(status.Message, Does.Not.Contain("until the cluster answers"));
    }

    [TestCase(TargetCluster.Platform, "A platform operator must delete or shrink what exceeds the limit, which cannot be raised.")]
    [TestCase(TargetCluster.ControlPlane, "The owner of the control plane must delete or shrink what exceeds the limit, which cannot be raised.")]
    public void A_limit_that_is_no_setting_is_not_to_be_raised(TargetCluster cluster, string fix)
    {
        var step = new PatchStep(cluster, An.Identity.Api.Ocm, An.Ocm(), An.Ocm().Json);
        var error = ApiErrors.OverLimit("discover: the group has at least 101 kinds, and the limit is 100 (limit kinds)", isFixedLimit: true);

        Assert.That(ClusterErrors.OfStep(step, error.During("x")).Message, Does.EndWith(fix));
        Assert.That(ClusterErrors.OfControlPlaneLimit("alpha", error.Message, isFixedLimit: true).Message, Does.EndWith(
            "(limit kinds). What is installed stays. The owner of the control plane must delete or shrink what exceeds the limit, which cannot be raised."));
    }

    [TestCase(403, "ControlPlaneForbidden", "owner of the control plane must grant")]
    [TestCase(422, "ControlPlaneRejected", "owner of the control plane must correct the fields that the server rejects. If a Secret")]
    [TestCase(0, "ControlPlaneUnavailable", "until the cluster answers")]
    public void An_error_of_a_control_plane_is_reported_as_such(int code, string reason, string fix)
    {
        var step = new ApplyStep(TargetCluster.ControlPlane, Kinds.Secret, Manifests.ToolkitPullSecret(An.Identity, An.Source()), new ApplyTarget.Missing());

        var status = ClusterErrors.OfStep(step, new KubernetesApiException(code, "Reason", "denied by a policy"));

        status.Reports(reason, Phase.Progressing, Health.Degraded, fix);
        Assert.That(
            status.Message, Does.StartWith("Control plane: cannot apply Secret ocm-k8s-toolkit-system/registry: denied by a policy. "));
    }

    [TestCase(TargetCluster.Platform, "platform cluster", "A platform operator must")]
    [TestCase(TargetCluster.ControlPlane, "control plane", "The owner of the control plane must")]
    public void An_object_that_is_not_managed_is_reported_with_the_labels_by_which_it_is_adopted(TargetCluster cluster, string where, string who)
    {
        var step = new ApplyStep(
            cluster, Kinds.Secret, Manifests.ToolkitPullSecret(An.Identity, An.Source()), new ApplyTarget.Missing());

        var status = ClusterErrors.OfStep(step, new KubernetesApiException(409, "AlreadyExists", "it exists"));

        status.Reports("ObjectNotManaged", Phase.Progressing, Health.Degraded);
        Assert.That(status.Message, Is.EqualTo(
            $"Secret ocm-k8s-toolkit-system/registry on the {where} is not managed by this provider and was not modified. {who} delete or "
                + "rename it, or have it adopted by setting its labels app.kubernetes.io/managed-by=service-provider-ocm and "
                + "openmcp.cloud/managed-by=ocm.services.openmcp.cloud."));
    }

    [TestCase(403, "PlatformForbidden")]
    [TestCase(0, "PlatformUnavailable")]
    [TestCase(410, "PlatformRejected")]
    public void An_unreadable_kind_is_reported_by_name(int code, string reason)
    {
        var plan = Planner.Plan(Stale(Failing(PlatformKinds.AccessRequest, code)));

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(reason, Phase.Progressing, Health.Degraded, "Platform cluster", "accessrequests.clusters.openmcp.cloud", "no luck");
    }

    [Test]
    public void An_unreadable_kind_blocks_a_deletion()
    {
        var plan = Planner.Plan(Stale(Failing(Kinds.Secret, 503)).Deleting());

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports("PlatformUnavailable", Phase.Terminating, Health.Degraded, "cannot read secrets");
    }

    [Test]
    public void A_read_error_takes_precedence_over_an_informer_that_is_starting()
    {
        var observation = Stale(Failing(Kinds.Secret, 503));

        var plan = Planner.Plan(observation with
        {
            StaleSources = [new StaleSource.Starting("platform cluster", Kinds.Namespace), .. observation.StaleSources],
        });

        plan.Reports("PlatformUnavailable", Phase.Progressing, Health.Degraded, "cannot read secrets");
    }

    [TestCaseSource(nameof(FluxKinds))]
    public void A_platform_without_Flux_is_reported(ResourceKind kind)
    {
        var plan = Planner.Plan(Stale(NotServed(kind)));

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(Reasons.FluxNotInstalled, Phase.Progressing, Health.Degraded, kind.QualifiedPlural, kind.Version, "Flux");
    }

    [Test]
    public void A_platform_without_openMCP_is_reported()
    {
        var plan = Planner.Plan(Stale(NotServed(PlatformKinds.ClusterRequest)));

        Assert.That(plan.Steps, Is.Empty);
        plan.Reports(
            Reasons.PlatformNotInstalled, Phase.Progressing, Health.Degraded, "clusterrequests.clusters.openmcp.cloud", "CustomResourceDefinition");
    }

    [Test]
    public void A_deletion_does_not_wait_for_kinds_of_Flux_that_are_not_served()
    {
        var observation = Stale(NotServed(PlatformKinds.HelmRelease)).Deleting() with
        {
            HelmRelease = null,
            UserObjects = ObservedUserObjects.Of(),
        };

        Assert.That(Planner.Plan(observation).Steps.Select(step => step.Kind), Is.EqualTo([PlatformKinds.OciRepository]));
    }

    [Test]
    public void A_deletion_waits_while_ClusterRequests_are_not_served()
    {
        var plan = Planner.Plan(Stale(NotServed(PlatformKinds.ClusterRequest)).Deleting() with { ClusterRequest = null });

        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Status.Reason, Is.EqualTo(Reasons.PlatformNotInstalled));
    }

    [Test]
    public void A_deletion_does_not_need_the_inputs_of_an_installation()
    {
        var observation = An.Observation().Complete().Deleting() with
        {
            UserObjects = ObservedUserObjects.Of(),
            StaleSources = [Failing(Kinds.Secret, 403) with { IsInput = true }],
        };

        Assert.That(Planner.Plan(observation).Steps.Select(step => step.Kind), Is.EqualTo([PlatformKinds.HelmRelease]));
    }

    private static IEnumerable<ResourceKind> FluxKinds() => [PlatformKinds.OciRepository, PlatformKinds.HelmRelease];

    private static StaleSource.Unreadable Failing(ResourceKind kind, int code) =>
        new("platform cluster", kind, new KubernetesApiException(code, "Reason", "no luck"));

    private static StaleSource.NotServed NotServed(ResourceKind kind) => new("platform cluster", kind);

    private static Observation Stale(StaleSource source) => An.Observation().Complete() with { StaleSources = [source] };
}
