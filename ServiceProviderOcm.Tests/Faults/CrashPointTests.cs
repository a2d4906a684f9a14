using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// The controller ends before and after each of its requests, and another one starts: the end is the same as if nothing had happened.
/// </summary>
[Category("Faults")]
[NonParallelizable]
public sealed class CrashPointTests
{
    private static IReadOnlyList<Scenario> All => Scenarios.All;

    [TestCaseSource(nameof(All))]
    public async Task A_crash_at_any_request_makes_no_difference(object scenario)
    {
        var exploration = await Exploration.OfAsync((Scenario)scenario);
        await exploration.ExploreAsync(Disturbance.OfRequests);
    }
}
