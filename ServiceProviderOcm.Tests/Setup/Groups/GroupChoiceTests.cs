using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Groups;

namespace ServiceProviderOcm.Tests.Setup.Groups;

public sealed class GroupChoiceTests
{
    private const string Default = ProviderApi.DefaultGroup;
    private const string Renamed = ProviderApi.RenamedGroup;

    private static readonly GroupUse DefaultUse = new(new ProviderApi(Default));
    private static readonly GroupUse RenamedUse = new(new ProviderApi(Renamed));

    private static IEnumerable<TestCaseData> Served()
    {
        yield return Case("nothing exists", Of(), Default, "nothing of another group exists");
        yield return Case("only definitions exist", Of(DefaultUse with { IsServed = true }, RenamedUse with { IsServed = true }), Default, "nothing");
        yield return Case("OCMs of the default group", Of(DefaultUse with { Ocms = 1 }), Default, "1 OCM of it exist");
        yield return Case("OCMs of the renamed group", Of(renamed: RenamedUse with { Ocms = 2 }), Renamed, "2 OCMs of it exist");
        yield return Case(
            "a failed swap of the image registered the wrong group",
            Of(DefaultUse with { IsServed = true, HasProviderConfig = true }, RenamedUse with { IsServed = true, Ocms = 2 }, Default),
            Renamed,
            "2 OCMs");
        yield return Case("no OCM, and one group is registered", Of(null, null, Renamed), Renamed, "ServiceProvider \"ocm\" registers it");
        yield return Case(
            "the registration goes before the ProviderConfig", Of(DefaultUse with { HasProviderConfig = true }, null, Renamed), Renamed, "registers");
        yield return Case("a group that is not known is registered", Of(null, null, "ocm.example.com"), "ocm.example.com", "registers");
        yield return Case(
            "two are registered, and one has a ProviderConfig",
            Of(null, RenamedUse with { HasProviderConfig = true }, Default, Renamed),
            Renamed,
            "ProviderConfig \"ocm\"");
        yield return Case("no OCM, and a ProviderConfig", Of(renamed: RenamedUse with { HasProviderConfig = true }), Renamed, "ProviderConfig");
        yield return Case(
            "a setting wins", Of(null, RenamedUse with { Ocms = 2 }, Renamed) with { Setting = Default }, Default, "--api-group", "2 OCMs of ocm.services.open");
        yield return Case("a setting of a group of one's own", Of() with { Setting = "ocm.example.com" }, "ocm.example.com", "--api-group");
        yield return Case(
            "a migration has just begun",
            Of(DefaultUse with { Arrived = 1 }, RenamedUse with { Ocms = 2, Moving = 1 }),
            Renamed,
            "2 OCMs",
            "not complete: 3 OCMs");
        yield return Case(
            "a migration has marked all", Of(DefaultUse with { Arrived = 3 }, RenamedUse with { Moving = 3 }), Default, "`migrate` has brought");
        yield return Case("a migration was interrupted after its first mark", Of(renamed: RenamedUse with { Moving = 1 }), Renamed, "1 OCM", "Run `migrate` again");
        yield return Case(
            "OCMs of one group cannot be listed", Of(DefaultUse with { Unlisted = "forbidden." }), Default, "nothing", "were not considered: forbidden. Set");
    }

    private static IEnumerable<TestCaseData> Ambiguous()
    {
        yield return Case("OCMs of both", Of(DefaultUse with { Ocms = 1 }, RenamedUse with { Ocms = 2 }, Renamed), "", "1 OCM of ocm.services.openmcp.cloud, 2 OCMs of");
        yield return Case(
            "ProviderConfigs of both, and nothing else",
            Of(DefaultUse with { HasProviderConfig = true }, RenamedUse with { HasProviderConfig = true }),
            "",
            "ProviderConfig \"ocm\" of ocm.services.openmcp.cloud, ProviderConfig");
    }

    [TestCaseSource(nameof(Served))]
    public void The_group_that_is_in_use_is_served(GroupFacts facts, string group, string reason, string? warning)
    {
        var served = (GroupDecision.Served)GroupChoice.Of(facts);

        Assert.That(served.Api.Group, Is.EqualTo(group));
        Assert.That(served.Reason, Does.Contain(reason));
        Assert.That(served.Warnings, warning is null ? Is.Empty : Has.Exactly(1).Contains(warning));
    }

    [TestCaseSource(nameof(Ambiguous))]
    public void Nothing_is_served_while_both_groups_are_in_use(GroupFacts facts, string group, string error, string? warning)
    {
        var ambiguous = (GroupDecision.Ambiguous)GroupChoice.Of(facts);

        Assert.That(ambiguous.Error, Does.Contain(error));
        Assert.That(ambiguous.Fix, Does.Contain("--api-group").And.Contain($"migrate --from {Default} --to {Renamed}"));
    }

    [TestCase("", false, false, Default)]
    [TestCase(Renamed, false, false, Renamed)]
    [TestCase("", false, true, Renamed)]
    [TestCase("", true, true, Default)]
    public void The_first_access_is_named_by_what_the_platform_shows(string registered, bool isDefault, bool isRenamed, string group)
    {
        var facts = new GroupFacts(
            "ocm", "", [DefaultUse with { HasProviderConfig = isDefault }, RenamedUse with { HasProviderConfig = isRenamed }])
        {
            Registered = registered.Length == 0 ? [] : [registered],
        };

        Assert.That(GroupChoice.Provisional(facts).Group, Is.EqualTo(group));
    }

    private static TestCaseData Case(string name, GroupFacts facts, string group, string text, string? warning = null) =>
        new TestCaseData(facts, group, text, warning).SetArgDisplayNames(name);

    private static GroupFacts Of(GroupUse? ofDefault = null, GroupUse? renamed = null, params string[] registered) =>
        new("ocm", "", [ofDefault ?? DefaultUse, renamed ?? RenamedUse]) { Registered = registered };
}
