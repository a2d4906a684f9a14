using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>Some points of some scenarios; <c>scripts/faults</c> explores all.</summary>
[Category("Sandbox")]
[NonParallelizable]
public sealed class FaultSampleTests
{
    private const int Every = 12;

    private static IReadOnlyList<Scenario> Some { get; } = [Scenarios.Install, Scenarios.ChangedProviderConfig, Scenarios.BlockedDeletion];

    [TestCaseSource(nameof(Some))]
    public async Task A_disturbance_makes_no_difference(object scenario)
    {
        var exploration = await Exploration.OfAsync((Scenario)scenario);
        await exploration.ExploreAsync([.. Disturbance.OfRequests, .. Disturbance.OfEvents], Every);
    }
}
