using System.Reflection;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Model.States;

public sealed class OcmStatesTests
{
    private static readonly OcmState[] All = Enum.GetValues<OcmState>();
    private static readonly OcmState[] Reported = [.. All.Where(state => OcmStates.HealthOf(state) != Health.Unreported)];
    private static readonly string[] AllReasons =
    [
        .. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
    ];

    [TestCaseSource(nameof(All))]
    public void Every_state_has_a_row_in_the_table(OcmState state) =>
        Assert.That(() => (OcmStates.HealthOf(state), OcmStates.ReasonOf(state)), Throws.Nothing);

    [TestCaseSource(nameof(All))]
    public void Only_unreported_states_have_no_reason(OcmState state) =>
        Assert.That(OcmStates.ReasonOf(state).Length == 0, Is.EqualTo(OcmStates.HealthOf(state) == Health.Unreported));

    [Test]
    public void The_reasons_of_the_states_are_the_published_reasons()
    {
        Assert.That(AllReasons, Is.Not.Empty.And.Unique);
        Assert.That(Reported.Select(OcmStates.ReasonOf).Distinct(), Is.EquivalentTo(AllReasons));
    }

    [Test]
    public void Only_the_state_Ready_is_healthy() =>
        Assert.That(All.Where(state => OcmStates.HealthOf(state) == Health.Ready), Is.EqualTo([OcmState.Ready]));

    [TestCaseSource(nameof(Reported))]
    public void Every_reported_state_is_documented_beside_its_reason(OcmState state)
    {
        var documented = File.ReadLines(Path.Combine(RepositoryRoot.Find(), "docs", "conditions.md"));

        Assert.That(documented, Has.Exactly(1).StartsWith($"| `{state}` | `{OcmStates.ReasonOf(state)}` |"));
    }
}
