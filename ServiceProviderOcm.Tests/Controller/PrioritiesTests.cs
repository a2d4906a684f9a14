using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Controller;

public sealed class PrioritiesTests
{
    [TestCase(ReconcileReasons.OcmChanged, QueuePriority.Urgent)]
    [TestCase(ReconcileReasons.HelmReleaseChanged, QueuePriority.High)]
    [TestCase(ReconcileReasons.ControlPlaneApplied, QueuePriority.High)]
    [TestCase(ReconcileReasons.ProviderConfigChanged, QueuePriority.Normal)]
    [TestCase(ReconcileReasons.SourceSecretChanged, QueuePriority.Normal)]
    [TestCase(ReconcileReasons.CaBundleChanged, QueuePriority.Normal)]
    [TestCase(ReconcileReasons.InformerChanged, QueuePriority.Low)]
    [TestCase(ReconcileReasons.Interval, QueuePriority.Low)]
    [TestCase(ReconcileReasons.Retry, QueuePriority.Low)]
    [TestCase(ReconcileReasons.Debounce, QueuePriority.Low)]
    [TestCase(ReconcileReasons.Retry | ReconcileReasons.OcmChanged | ReconcileReasons.SourceSecretChanged, QueuePriority.Urgent)]
    [TestCase(ReconcileReasons.Interval | ReconcileReasons.SourceSecretChanged, QueuePriority.Normal)]
    public void A_key_has_the_priority_of_its_most_urgent_reason(ReconcileReasons reasons, QueuePriority priority) =>
        Assert.That(Priorities.Of(reasons), Is.EqualTo(priority));

    [TestCase(ReconcileReasons.ControlPlaneChanged | ReconcileReasons.ControlPlaneApplied | ReconcileReasons.Retry, false)]
    [TestCase(ReconcileReasons.ControlPlaneChanged | ReconcileReasons.OcmChanged, true)]
    [TestCase(ReconcileReasons.Interval, true)]
    public void A_control_plane_cannot_end_its_own_back_off(ReconcileReasons reasons, bool isNews) =>
        Assert.That(Priorities.IsNewsForControlPlane(reasons), Is.EqualTo(isNews));
}
