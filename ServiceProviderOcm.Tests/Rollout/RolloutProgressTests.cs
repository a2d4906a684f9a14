using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

public sealed class RolloutProgressTests
{
    private const string Error = "you may not";

    private static readonly InstallConfig Newest = An.Config("{}");

    [TestCase(RolloutPhase.Progressing, false)]
    [TestCase(RolloutPhase.CanaryFailed, true)]
    public void A_decision_about_the_newest_revision_says_whether_its_rollout_is_stalled_whatever_fails_later(RolloutPhase phase, bool isStalled)
    {
        var progress = RolloutProgress.Of(Newest, Status(phase, Newest.Revision), Error);

        Assert.That((progress.Status?.Decision.Phase, progress.StoreError, progress.IsStalled), Is.EqualTo((phase, "", isStalled)));
    }

    [Test]
    public void A_decision_about_an_earlier_revision_does_not_count()
    {
        var progress = RolloutProgress.Of(Newest, Status(RolloutPhase.CanaryFailed, "earlier"), "");

        Assert.That((progress.Status, progress.IsStalled), Is.EqualTo(((RolloutStatus?)null, false)));
    }

    [TestCase("earlier")]
    [TestCase(null)]
    public void The_rollout_of_a_revision_that_is_not_stored_is_stalled(string? decided)
    {
        var progress = RolloutProgress.Of(Newest, decided is null ? null : Status(RolloutPhase.Complete, decided), Error);

        Assert.That((progress.StoreError, progress.IsStalled), Is.EqualTo((Error, true)));
    }

    [Test]
    public void Nothing_is_stalled_while_the_ProviderConfig_is_paused() =>
        Assert.That(RolloutProgress.Of(Newest with { IsPaused = true }, null, Error).IsStalled, Is.False);

    [Test]
    public void Nothing_is_stalled_once_the_ProviderConfig_is_deleted() =>
        Assert.That(RolloutProgress.Of(InstallConfig.Missing(An.Identity), null, Error).IsStalled, Is.False);

    private static RolloutStatus Status(RolloutPhase phase, string revision) => new("current", revision, 2, 1, new RolloutDecision
    {
        Phase = phase,
        Updated = 1,
        Outdated = 1,
        Unavailable = 1,
        MaxUnavailable = 1,
        HaveCanariesPassed = false,
    });
}
