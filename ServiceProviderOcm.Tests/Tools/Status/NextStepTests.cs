using NUnit.Framework;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Tools.Describe;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Tools.Status;

public sealed class NextStepTests
{
    private static IEnumerable<string> Reasons => OcmStates.ReasonsNotReady;

    [TestCaseSource(nameof(Reasons))]
    public void Every_reason_has_a_next_step(string reason) => Assert.That(NextStep.Of(reason), Is.Not.Null.And.EndsWith("."));

    [TestCase("", "Wait for the controller")]
    [TestCase("HelmReleaseFailed", "Platform operator: check the Helm values")]
    [TestCase("SomethingElse", "See the message")]
    public void An_OCM_that_is_not_Ready_names_what_its_reason_needs(string reason, string expected) =>
        Assert.That(Step(reason, isReady: false), Does.StartWith(expected));

    [Test]
    public void A_failed_update_names_the_way_to_return() => Assert.That(
        Step("HelmReleaseFailed", isReady: false, new OcmUpdate(true, true, HasFailed: true)),
        Does.StartWith("Platform operator: the update to revision new1234567 has failed here; return to the earlier configuration"));

    [TestCase("RolloutProgressing", "Nothing to do: the rollout of revision new1234567 has not reached")]
    [TestCase("RolloutPaused", "Platform operator: the rollout is paused")]
    [TestCase("ProgressDeadlineExceeded", "Platform operator: the rollout of revision new1234567 has stalled")]
    public void An_OCM_that_waits_for_its_update_names_the_rollout(string rollout, string expected) => Assert.That(
        Step("ReconcileSuccess", isReady: true, new OcmUpdate(IsUpdated: false, false, false), rollout), Does.StartWith(expected));

    [Test]
    public void A_Ready_OCM_needs_nothing() => Assert.That(Step("ReconcileSuccess", isReady: true), Is.EqualTo("Nothing to do."));

    [Test]
    public void A_paused_OCM_names_the_annotation()
    {
        var ocm = An.Ocm().Patched("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "ignore" } } }""");

        Assert.That(NextStep.Of(ocm, OcmSummary.Of(ocm), rollout: null), Does.Contain("remove the annotation openmcp.cloud/operation"));
    }

    private static string Step(string reason, bool isReady, OcmUpdate? update = null, string rollout = "RolloutProgressing")
    {
        var ocm = An.Ocm().Patched($$"""
            { "status": { "observedGeneration": 3, "conditions": [{ "type": "Ready", "status": "{{isReady}}", "reason": "{{reason}}" }] } }
            """);
        var providerConfig = An.ProviderConfig("{}").Patched($$"""
            { "status": { "updateRevision": "new1234567", "conditions": [{ "type": "Progressing", "reason": "{{rollout}}" }] } }
            """);
        return NextStep.Of(ocm, OcmSummary.Of(ocm) with { Update = update }, RolloutSummary.Of(providerConfig, An.Config("{}"), fleet: null));
    }
}
