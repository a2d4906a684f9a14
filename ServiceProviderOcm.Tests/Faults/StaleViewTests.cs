using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// Watch events arrive late, are missed, or a restarted controller sees changes late: the end is the same, nothing of others is
/// touched, nothing that is needed is deleted, and no OCM is Ready too early.
/// </summary>
[Category("Faults")]
[NonParallelizable]
public sealed class StaleViewTests
{
    private static IReadOnlyList<Scenario> All => Scenarios.All;

    [TestCaseSource(nameof(All))]
    public async Task A_stale_view_at_any_event_makes_no_difference(object scenario)
    {
        var exploration = await Exploration.OfAsync((Scenario)scenario);
        await exploration.ExploreAsync(Disturbance.OfEvents);
    }
}
