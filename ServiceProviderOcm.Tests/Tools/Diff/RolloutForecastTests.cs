using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Tools.Diff;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Tools.Diff;

public sealed class RolloutForecastTests
{
    // One character per OCM: o outdated, c outdated canary, b outdated and not Ready, u updated, h held.
    [TestCase("oooo", "25%", "0/1/2/3")]
    [TestCase("oooo", "50%", "0 1/2 3")]
    [TestCase("oooo", "100%", "0 1 2 3")]
    [TestCase("ooco", "2", "c:2/0 1/3")]
    [TestCase("cooc", "1", "c:0/c:3/1/2")]
    [TestCase("oobo", "2", "2 0/1 3", Description = "unavailable ones first; until they are Ready, they use up the allowance")]
    [TestCase("uouo", "1", "1/3")]
    [TestCase("hoho", "1", "1/3")]
    [TestCase("uuuu", "1", "")]
    public void Stages_are_those_of_the_decider(string ocms, string maxUnavailable, string expected)
    {
        var forecast = Of(ocms, $$"""{ "maxUnavailable": {{Value(maxUnavailable)}} }""");

        Assert.That(Text(forecast), Is.EqualTo(expected));
        Assert.That(forecast.Last.Phase, Is.EqualTo(RolloutPhase.Complete));
        Assert.That(forecast.IsPaused, Is.False);
    }

    [Test]
    public void Stages_of_a_paused_rollout_are_those_after_the_pause()
    {
        var forecast = Of("oo", """{ "paused": true, "maxUnavailable": 1, "minReadySeconds": 30 }""");

        Assert.That((Text(forecast), forecast.IsPaused), Is.EqualTo(("0/1", true)));
    }

    [Test]
    public void A_rollout_that_others_block_has_no_stages_and_says_so()
    {
        // The held OCMs are unavailable and cannot be updated.
        var forecast = Of("oxx", """{ "maxUnavailable": 1 }""");

        Assert.That((Text(forecast), forecast.Last.Outdated, forecast.Last.Unavailable), Is.EqualTo(("", 1, 2)));
        Assert.That(forecast.Last.Phase, Is.Not.EqualTo(RolloutPhase.Complete));
    }

    private static RolloutForecast Of(string ocms, string rollout) => RolloutForecast.Of(
        new RolloutFleet(ocms.Length, [.. ocms.Select(Member)], An.Now),
        An.Config($$"""{ "chartURL": "registry.example.com/chart", "rollout": {{rollout}} }""").Rollout,
        An.Now);

    private static RolloutMember Member(char kind, int index) =>
        new(new ObjectKey("ns", $"{index}"), IsUpdated: kind == 'u', IsReady: kind is not ('b' or 'x'), An.Now.AddHours(-1))
        {
            IsCanary = kind == 'c',
            IsHeld = kind is 'h' or 'x',
        };

    private static string Value(string number) => number.EndsWith('%') ? $"\"{number}\"" : number;

    private static string Text(RolloutForecast forecast) => string.Join('/', forecast.Stages.Select(stage =>
        (stage.IsCanary ? "c:" : "") + string.Join(' ', stage.Ocms.Select(ocm => ocm.Name))));
}
