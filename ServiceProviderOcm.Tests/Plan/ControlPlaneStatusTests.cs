using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class ControlPlaneStatusTests
{
    private static readonly Observation Installed = An.Observation().Complete();
    private static readonly Observation NotInstalled = Installed with { HelmRelease = null };
    private static readonly PlanStep Release = new DeleteStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Installed.HelmRelease!);
    private static readonly PlanStep Copy = new DeleteStep(TargetCluster.Platform, Kinds.Secret, Installed.HelmRelease!);
    private static readonly PlanStep OnControlPlane = new DeleteStep(TargetCluster.ControlPlane, Kinds.Secret, Installed.HelmRelease!);
    private static readonly ControlPlaneProgress Failed =
        new ControlPlaneProgress.Failed(OnControlPlane, new KubernetesApiException(503, "ServiceUnavailable", "down"));
    private static readonly ReadyStatus Ready = new(OcmState.Ready, "It is installed.");

    [Test]
    public void The_HelmRelease_waits_for_the_control_plane_unless_that_fails()
    {
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, Release, NotInstalled), Is.True);
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, Release, Installed), Is.True);
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Done, Release, NotInstalled), Is.False);
        Assert.That(ControlPlaneStatus.HoldsBack(Failed, Release, NotInstalled), Is.False);
        Assert.That(ControlPlaneStatus.HoldsBack(new ControlPlaneProgress.Contested(OnControlPlane), Release, NotInstalled), Is.False);
    }

    [Test]
    public void Other_objects_on_the_platform_do_not_wait() =>
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, Copy, NotInstalled), Is.False);

    [Test]
    public void An_existing_HelmRelease_does_not_wait_when_everything_is_applied_by_an_operation()
    {
        var forced = Installed.WithOcm($$$"""{ "metadata": { "annotations": { "{{{Operation.Annotation}}}": "reconcile" } } }""");

        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, Release, forced), Is.False);
        Assert.That(ControlPlaneStatus.HoldsBack(ControlPlaneProgress.Pending, Release, forced with { HelmRelease = null }), Is.True);
    }

    [Test]
    public void A_failure_on_the_control_plane_is_the_state() => Assert.That(
        ControlPlaneStatus.Of(Installed, Ready, Failed, isHeldBack: false).State, Is.EqualTo(OcmState.ControlPlaneUnavailable));

    [Test]
    public void A_contested_object_on_the_control_plane_is_the_state() => Assert.That(
        ControlPlaneStatus.Of(Installed, Ready, new ControlPlaneProgress.Contested(OnControlPlane), isHeldBack: false).State,
        Is.EqualTo(OcmState.Contested));

    [Test]
    public void A_copy_of_the_Go_provider_that_cannot_be_deleted_does_not_matter()
    {
        var step = new DeleteStep(
            TargetCluster.ControlPlane,
            Kinds.Secret,
            KubeObject.Parse($$"""{ "metadata": { "name": "registry", "namespace": "{{ObjectNames.ToolkitNamespace}}" } }"""));
        var failed = new ControlPlaneProgress.Failed(step, new KubernetesApiException(403, "Forbidden", "denied by a policy"));

        Assert.That(ControlPlaneStatus.Of(Installed, Ready, failed, isHeldBack: false), Is.EqualTo(Ready));
        Assert.That(
            ControlPlaneStatus.Of(Installed, Ready, new ControlPlaneProgress.Contested(step), isHeldBack: false), Is.EqualTo(Ready));
    }

    [Test]
    public void While_a_first_HelmRelease_waits_the_state_names_the_control_plane() => Assert.That(
        ControlPlaneStatus.Of(
            NotInstalled, new ReadyStatus(OcmState.Installing, "…"), ControlPlaneProgress.Pending, isHeldBack: true).State,
        Is.EqualTo(OcmState.AwaitingControlPlane));

    [TestCase("True", OcmState.Ready)]
    [TestCase("False", OcmState.Reconnecting)]
    public void An_OCM_becomes_Ready_only_when_the_control_plane_has_everything(string present, OcmState state)
    {
        var observation = Installed.WithOcm($$"""{ "status": { "conditions": [ { "type": "Ready", "status": "{{present}}" } ] } }""");

        Assert.That(
            ControlPlaneStatus.Of(observation, Ready, ControlPlaneProgress.Pending, isHeldBack: false).State, Is.EqualTo(state));
        Assert.That(
            ControlPlaneStatus.Of(observation, Ready, ControlPlaneProgress.Done, isHeldBack: false).State, Is.EqualTo(OcmState.Ready));
    }
}
