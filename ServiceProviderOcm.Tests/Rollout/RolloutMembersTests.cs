using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

public sealed class RolloutMembersTests
{
    private static readonly DateTimeOffset UpdatedAt = An.Now.AddHours(-1);

    // Minutes from the update on.
    [TestCase("True", -5, 0, Description = "nobody has written that it became unready, since the process was killed")]
    [TestCase("True", 0, 0)]
    [TestCase("True", 5, 60, Description = "it was Ready after its update")]
    [TestCase("False", 3, 3)]
    [TestCase("False", -5, -5)]
    [TestCase(null, 0, 60)]
    public void An_OCM_is_unready_since_its_condition_says_so_or_since_its_update(string? status, int changed, int expected)
    {
        var ocm = status is null ? An.Ocm() : Ocm(status, "UpgradeFailed", UpdatedAt.AddMinutes(changed));

        var member = Read(ocm, "HelmReleaseFailed");

        Assert.That(
            (member.IsReady, member.ReadyChangedAt - UpdatedAt), Is.EqualTo((false, TimeSpan.FromMinutes(expected))));
    }

    [TestCase("InvalidVersion", true)]
    [TestCase("VersionNotOffered", true)]
    [TestCase("InvalidProviderConfig", true)]
    [TestCase("InvalidChartURL", true)]
    [TestCase("LimitExceeded", true)]
    [TestCase("HelmReleaseFailed", false)]
    [TestCase("ControlPlaneUnreachable", false)]
    public void An_OCM_whose_version_cannot_be_had_is_as_ready_as_what_is_installed(string reason, bool isReady)
    {
        var ocm = Ocm("False", reason, An.Now.AddMinutes(-1));
        var installed = An.Observation().Complete();
        var since = An.Now.AddDays(-3);

        var member = Read(ocm, reason, installed.OciRepository, Since(installed.HelmRelease!, since));
        var broken = Read(ocm, reason, installed.OciRepository, installed.HelmRelease!.FluxReports("False", "failed"));
        var pulled = Read(ocm, reason, installed.OciRepository, release: null);

        Assert.That((member.IsReady, member.ReadyChangedAt), Is.EqualTo((isReady, isReady ? since : An.Now.AddMinutes(-1))));
        Assert.That((broken.IsReady, pulled.IsReady), Is.EqualTo((false, false)));
    }

    [TestCase("""{ "stage": "canary" }""", true)]
    [TestCase("{}", false, Description = "somebody has removed the label")]
    [TestCase(null, true, Description = "the control plane was deleted, and its namespace with it")]
    public void A_canary_that_has_failed_counts_until_its_namespace_says_that_it_is_none(string? labels, bool expected)
    {
        var settings = Rollout("""{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }""");
        var tenant = labels is null ? null : KubeObject.Parse($$"""{ "metadata": { "name": "mcp--1", "labels": {{labels}} } }""");

        Assert.That(RolloutMembers.MayBeCanary(settings, tenant), Is.EqualTo(expected));
        Assert.That(RolloutMembers.MayBeCanary(Rollout("{}"), tenant), Is.False, "there are no canaries any more");
        Assert.That(RolloutMembers.MayBeCanary(Rollout("""{ "canary": {} }"""), tenant), Is.True, "nobody knows which are canaries");
    }

    private static RolloutSettings Rollout(string rollout) => An.Config($$"""{ "rollout": {{rollout}} }""").Rollout;

    [TestCase(-1, false, Description = "of the revision before, which the update is to fix")]
    [TestCase(0, true)]
    [TestCase(1, true)]
    public void Stalled_counts_if_Flux_has_reported_it_since_the_update(int seconds, bool isStalled)
    {
        var release = KubeObject.Parse($$"""
            {
              "metadata": { "generation": 2 },
              "status": { "conditions": [
                { "type": "Stalled", "status": "True", "observedGeneration": 2, "lastTransitionTime": "{{Timestamps.Time(UpdatedAt.AddSeconds(seconds))}}" } ] }
            }
            """);

        Assert.That(Read(Ocm("False", "HelmReleaseFailed", UpdatedAt), "HelmReleaseFailed", source: null, release).IsStalled, Is.EqualTo(isStalled));
    }

    [TestCase("""{ "chartURL": "registry.example.com/chart" }""", false)]
    [TestCase("""{ "chartURL": "http://registry.example.com/chart" }""", true)]
    [TestCase("""{ "versions": [{ "version": "9.9.9", "chartVersion": "9.9.9" }] }""", true)]
    public void An_OCM_is_held_if_the_newest_revision_cannot_install_its_version(string newest, bool isNotOffered)
    {
        var member = RolloutMembers.Of(An.Ocm(), RevisionMarks.None, An.Config(newest), isCanary: false, isLimited: false, An.Now);

        Assert.That((member.IsHeld, member.IsNotOffered), Is.EqualTo((isNotOffered, isNotOffered)));
    }

    [Test]
    public void An_installation_is_of_a_configuration_only_with_its_access()
    {
        var installed = An.Observation().Complete();

        Assert.That(Installations.IsOf(installed), Is.True);
        Assert.That(
            Installations.IsOf(installed.WithConfig("""{ "access": { "roleRefs": [{ "kind": "ClusterRole", "name": "edit" }] } }""")), Is.False);
    }

    private static RolloutMember Read(KubeObject ocm, string reason, KubeObject? source = null, KubeObject? release = null) =>
        RolloutMembers.WithReadiness(
            new RolloutMember(ocm.Key, IsUpdated: true, IsReady: false, An.Now) { UpdatedAt = UpdatedAt, WasReady = true },
            ocm,
            isReady: false,
            reason,
            "why",
            source,
            release,
            An.Now);

    private static KubeObject Ocm(string status, string reason, DateTimeOffset since) => An.Ocm().Patched($$"""
        { "status": { "conditions": [
          { "type": "Ready", "status": "{{status}}", "reason": "{{reason}}", "lastTransitionTime": "{{Timestamps.Time(since)}}" } ] } }
        """);

    private static KubeObject Since(KubeObject release, DateTimeOffset since) => release.Patched($$"""
        { "status": { "conditions": [
          { "type": "Ready", "status": "True", "observedGeneration": {{release.Generation}}, "lastTransitionTime": "{{Timestamps.Time(since)}}" } ] } }
        """);
}
