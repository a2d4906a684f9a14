using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Rollout;

public sealed class RolloutProperties
{
    private static readonly Gen<bool> Rarely = Gen.Frequency((1, Gen.Constant(true)), (6, Gen.Constant(false)));

    private static readonly Gen<Response> AnyResponse =
        from isCanary in Rarely
        from isUnready in Rarely
        from duration in Gen.Elements(0, 1, 60, 599, 600, 3600)
        from bad in Gen.Frequency((6, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>("B", "C", "any")))
        from isNoticed in Gen.Elements(true, false)
        from isUnreachable in Rarely
        select new Response
        {
            IsCanary = isCanary,
            IsReadyBefore = !isUnready,
            Duration = TimeSpan.FromSeconds(duration),
            BadRevision = bad,
            IsNoticed = isNoticed,
            IsUnreachable = isUnreachable,
        };

    // Many canaries, and much that happens to them.
    private static readonly Gen<Response> DisruptedResponse =
        from response in AnyResponse
        from isCanary in Gen.Elements(true, false)
        from isBad in Gen.Elements(true, false)
        from kind in Gen.Elements(Enum.GetValues<DisruptionKind>())
        from after in Gen.Elements(1, 70, 300, 590, 599, 610, 4000)
        from duration in Gen.Elements(1, 10, 29, 60, 1000)
        select response with
        {
            IsCanary = isCanary,
            BadRevision = isBad ? "B" : response.BadRevision,
            Disruption = new Disruption(kind, TimeSpan.FromSeconds(after), TimeSpan.FromSeconds(duration)),
        };

    // OCMs that become Ready in time.
    private static readonly Gen<Response> GoodResponse =
        from response in AnyResponse
        select response with { BadRevision = null, Duration = response.Duration < TimeSpan.FromMinutes(10) ? response.Duration : TimeSpan.Zero };

    private static readonly Gen<RolloutSettings> AnySettings =
        from maxUnavailable in Gen.Elements(
            new NumberOrPercentage(1, false), new NumberOrPercentage(3, false), new NumberOrPercentage(25, true), new NumberOrPercentage(100, true))
        from maxFailures in Gen.Elements(
            new NumberOrPercentage(0, false), new NumberOrPercentage(1, false), new NumberOrPercentage(3, true), new NumberOrPercentage(100, true))
        from minReady in Gen.Elements(0, 30)
        from isPaused in Rarely
        select new RolloutSettings
        {
            MaxUnavailable = maxUnavailable,
            MaxFailures = maxFailures,
            MinReady = TimeSpan.FromSeconds(minReady),
            IsPaused = isPaused,
        };

    [Test]
    public void Every_rollout_ends_and_keeps_the_rules() => ForAll(AnyResponse, AnySettings, (responses, settings) =>
    {
        var simulation = new Simulation(responses, settings).RollOut("B");

        return simulation.Violations.Count == 0 && simulation.Last.Phase != RolloutPhase.Progressing;
    });

    [Test]
    public void Nothing_passes_a_failed_canary_whatever_happens_to_it() => ForAll(
        DisruptedResponse,
        AnySettings.Zip(Gen.Choose(0, 20).ListOf()),
        (responses, start) =>
        {
            var simulation = new Simulation(responses, start.Item1) { Restarts = [.. start.Item2] }.RollOut("B").RollOut("C");

            return simulation.Violations.Count == 0 && simulation.Last.Phase != RolloutPhase.Progressing;
        });

    [Test]
    public void Another_change_during_a_rollout_supersedes_it() => ForAll(
        AnyResponse,
        AnySettings.Zip(Gen.Choose(0, 20)),
        (responses, start) =>
        {
            var simulation = new Simulation(responses, start.Item1).RollOut("B", start.Item2).RollOut("C");

            return simulation.Violations.Count == 0
                && simulation.Last.Phase != RolloutPhase.Progressing
                && (simulation.Last.Phase != RolloutPhase.Complete || simulation.Ocms.All(ocm => ocm.Revision == "C"));
        });

    [Test]
    public void Returning_to_an_earlier_revision_updates_those_that_were_updated() => ForAll(
        AnyResponse,
        AnySettings.Zip(Gen.Choose(0, 20)),
        (responses, start) =>
        {
            var simulation = new Simulation(responses, start.Item1).RollOut("B", start.Item2);
            var updated = simulation.Ocms.Where(ocm => ocm.Updates > 0).ToList();
            simulation.RollOut("A");

            return simulation.Violations.Count == 0
                && simulation.Ocms.Except(updated).All(ocm => ocm is { Updates: 0, Revision: "A" })
                && updated.TrueForAll(ocm => ocm.Updates <= 2)
                && (simulation.Last.Phase != RolloutPhase.Complete || updated.TrueForAll(ocm => ocm.Revision == "A"));
        });

    [Test]
    public void A_good_change_reaches_all_unless_too_many_are_unavailable() => ForAll(
        GoodResponse,
        AnySettings.Select(settings => settings with { IsPaused = false }),
        (responses, settings) =>
        {
            var simulation = new Simulation(responses, settings).RollOut("B");

            return simulation.Violations.Count == 0 && simulation.Last.Phase switch
            {
                RolloutPhase.Complete => simulation.Ocms.All(ocm => ocm is { Revision: "B", Updates: 1 }),
                RolloutPhase.TooManyUnavailable => simulation.Ocms.Count(ocm => !ocm.IsReady) >= simulation.Last.MaxUnavailable,
                _ => false,
            };
        });

    [Test]
    public void A_bad_change_reaches_no_more_than_may_be_unavailable_beside_those_that_are() => ForAll(
        GoodResponse,
        AnySettings.Where(settings => !settings.MaxFailures.Equals(new NumberOrPercentage(100, true))),
        (responses, settings) =>
        {
            var simulation = new Simulation(responses.Select(response => response with { BadRevision = "B" }), settings).RollOut("B");
            var hit = simulation.Ocms.Count(ocm => ocm is { Response.IsReadyBefore: true, Updates: > 0 });

            return simulation.Violations.Count == 0
                && hit <= settings.MaxUnavailable.Of(simulation.Ocms.Count)
                && simulation.Ocms.All(ocm => ocm.Updates <= 1);
        });

    [TestCase(null, RolloutPhase.Complete)]
    [TestCase("B", RolloutPhase.Complete)]
    [TestCase("C", RolloutPhase.CanaryFailed)]
    [TestCase("any", RolloutPhase.CanaryFailed)]
    public void A_canary_that_an_earlier_change_has_broken_stops_the_next_one_if_that_is_no_better(string? bad, RolloutPhase phase)
    {
        var simulation = new Simulation(
            [new Response { IsCanary = true, BadRevision = bad }, new Response()], RolloutSettings.Default);

        simulation.RollOut("B").RollOut("C");

        Assert.That((simulation.Last.Phase, simulation.Violations.Count), Is.EqualTo((phase, 0)));
    }

    [Test]
    public void OCMs_that_an_earlier_change_has_broken_do_not_stall_the_next_ones()
    {
        var settings = RolloutSettings.Default with { MaxUnavailable = new NumberOrPercentage(3, IsPercentage: false) };
        var simulation = new Simulation(
            Enumerable.Range(0, 8).Select(number => new Response { BadRevision = number % 4 == 0 ? "any" : null }), settings);

        simulation.RollOut("B");
        Assert.That(simulation.Last.Phase, Is.EqualTo(RolloutPhase.TooManyFailures));

        simulation.RollOut("C");
        Assert.That((simulation.Last.Phase, simulation.Last.Updated, simulation.Violations.Count), Is.EqualTo((RolloutPhase.Complete, 8, 0)));
    }

    // As the benchmark's fleet, but with controlled time.
    [Test]
    public void A_rollout_over_1000_OCMs_of_which_3_percent_fail_stalls_at_2_percent([Values] bool isNoticed, [Values] bool isAtTheEnd)
    {
        var settings = RolloutSettings.Default with
        {
            MaxUnavailable = new NumberOrPercentage(5, IsPercentage: true),
            MaxFailures = new NumberOrPercentage(2, IsPercentage: true),
        };
        var responses = Enumerable.Range(0, 1000).Select(number => new Response
        {
            BadRevision = (isAtTheEnd ? number >= 970 : number % 100 < 3) ? "B" : null,
            IsNoticed = isNoticed,
        });

        var simulation = new Simulation(responses, settings).RollOut("B");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(simulation.Violations, Is.Empty);
            Assert.That(simulation.Last.Phase, Is.EqualTo(RolloutPhase.TooManyFailures));
            Assert.That(simulation.Last.Failed, Has.Count.InRange(21, 20 + simulation.Last.MaxUnavailable));
            Assert.That(simulation.Ocms.Where(ocm => ocm.Updates == 0).Select(ocm => ocm.Revision), Is.All.EqualTo("A"));
            Assert.That(simulation.Ocms.Count(ocm => ocm is { Updates: 1, Revision: "B" }), Is.EqualTo(simulation.Last.Updated));
        }
    }

    [Test]
    public void The_order_in_which_OCMs_are_known_does_not_matter() => ForAll(AnyResponse, AnySettings, (responses, settings) =>
    {
        var simulation = new Simulation(responses, settings).RollOut("B", 3);
        var members = simulation.Ocms.Select(ocm => ocm.ToMember("B")!).ToList();
        var now = An.Now.AddMinutes(30);
        var (one, other) = (
            RolloutDecider.Decide(new RolloutFleet(members.Count, members, now), settings, now),
            RolloutDecider.Decide(new RolloutFleet(members.Count, [.. Enumerable.Reverse(members)], now), settings, now));

        return one.Next.SequenceEqual(other.Next) && one.Failed.SequenceEqual(other.Failed)
            && one.UpdatingCanaries.ToHashSet().SetEquals(other.UpdatingCanaries)
            && one with { Next = [], Failed = [], UpdatingCanaries = [] } == other with { Next = [], Failed = [], UpdatingCanaries = [] };
    });

    private static void ForAll<T>(Gen<Response> response, Gen<T> settings, Func<IReadOnlyList<Response>, T, bool> holds) => Prop.ForAll(
            response.ListOf().Select(responses => (IReadOnlyList<Response>)responses).Zip(settings).ToArbitrary(),
            input => holds(input.Item1, input.Item2))
        .QuickCheckThrowOnFailure();
}
