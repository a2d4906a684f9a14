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
            "there is no access to the onboarding cluster yet",
            Of(DefaultUse with { Unlisted = "not requested." }),
            Default,
            "nothing",
            "were not considered: not requested. Set");
        yield return Case(
            "the ServiceProvider cannot be read, and OCMs decide",
            Of(renamed: RenamedUse with { Ocms = 2 }) with { RegistrationError = "forbidden" },
            Renamed,
            "2 OCMs of it exist");
        yield return Case(
            "a take-over from the Go provider, after tenants have created OCMs of the other group",
            Of(DefaultUse with { Ocms = 5 }, RenamedUse with { Ocms = 2, Installed = 2 }, Default),
            Renamed,
            "2 OCMs of it are installed, and none of another group",
            "5 OCMs of ocm.services.openmcp.cloud exist and are not reconciled");
    }

    // Tenants can create OCMs of a group whose definition exists, and mark their own. They can write nothing on the platform cluster.
    private static IEnumerable<TestCaseData> Established()
    {
        var established = DefaultUse with { HasProviderConfig = true, IsRecorded = true };
        yield return Case("nothing else", Of(established), Default, "has served it before");
        yield return Case("its OCMs", Of(established with { Ocms = 2 }), Default, "has served it before");
        yield return Case(
            "tenants create more OCMs of another group",
            Of(established with { Ocms = 2 }, RenamedUse with { Ocms = 5 }),
            Default,
            "has served it before",
            "5 OCMs of ocm.services.open-control-plane.io exist and are not reconciled");
        yield return Case(
            "a tenant creates the first OCM, of another group",
            Of(established, RenamedUse with { Ocms = 1 }),
            Default,
            "has served it before",
            "1 OCM of ocm.services.open-control-plane.io");
        yield return Case(
            "tenants mark all their OCMs as moved",
            Of(established with { Moving = 2 }, RenamedUse with { Arrived = 2 }),
            Default,
            "has served it before",
            "A migration is not complete: 2 OCMs");
        yield return Case(
            "another group is registered", Of(established, RenamedUse with { Ocms = 1 }, Renamed), Default, "has served it before", "1 OCM of");
        yield return Case(
            "OCMs of both are installed",
            Of(established with { Ocms = 1, Installed = 1 }, RenamedUse with { Ocms = 2, Installed = 2 }),
            Default,
            "has served it before",
            "2 OCMs of ocm.services.open-control-plane.io");
        yield return Case(
            "OCMs of another group are installed, and none of its own: another provider has taken over in between",
            Of(established with { Ocms = 1 }, RenamedUse with { Ocms = 2, Installed = 2, HasProviderConfig = true }),
            Renamed,
            "2 OCMs of it are installed",
            "1 OCM of ocm.services.openmcp.cloud");
        yield return Case(
            "OCMs of another group may not be listed",
            Of(established, RenamedUse with { Error = "forbidden." }),
            Default,
            "has served it before",
            "OCMs of ocm.services.open-control-plane.io were not read: forbidden. Set");
        yield return Case(
            "both were served, and one is registered",
            Of(established, RenamedUse with { IsRecorded = true, HasProviderConfig = true }, Renamed),
            Renamed,
            "registers it");
    }

    private static IEnumerable<TestCaseData> Migrating()
    {
        var moving = RenamedUse with { HasProviderConfig = true, IsRecorded = true, MovesTo = Default };
        var copied = DefaultUse with { HasProviderConfig = true };
        yield return Case("not all are marked", Of(copied with { Arrived = 1 }, moving with { Ocms = 2, Moving = 1 }), Renamed, "2 OCMs", "3 OCMs");
        yield return Case("all are marked", Of(copied with { Arrived = 3 }, moving with { Moving = 3 }), Default, "`migrate` moves everything to it");
        yield return Case("none exist", Of(copied, moving), Default, "`migrate` moves everything to it");
        yield return Case(
            "none exist, and the Go provider has served it", Of(copied, moving with { IsRecorded = false }), Default, "ProviderConfig \"ocm\"");
        yield return Case(
            "one was created after the other group was served",
            Of(copied with { IsRecorded = true, Arrived = 3 }, moving with { Ocms = 1, Moving = 3 }),
            Default,
            "has served it before",
            "4 OCMs of ocm.services.open-control-plane.io are left");
    }

    private static IEnumerable<TestCaseData> Unread()
    {
        yield return Case("the ProviderConfig of a group", Of(DefaultUse with { Error = "forbidden." }), "", "could not be read: forbidden.");
        yield return Case(
            "the OCMs of one group, although those of the other exist",
            Of(DefaultUse with { Ocms = 2 }, RenamedUse with { Error = "Unauthorized" }),
            "",
            "could not be read: Unauthorized.");
        yield return Case("the ServiceProvider, and there are no OCMs", Of() with { RegistrationError = "forbidden" }, "", "forbidden.");
    }

    private static IEnumerable<TestCaseData> Ambiguous()
    {
        yield return Case("OCMs of both", Of(DefaultUse with { Ocms = 1 }, RenamedUse with { Ocms = 2 }, Renamed), "", "1 OCM of ocm.services.openmcp.cloud, 2 OCMs of");
        yield return Case(
            "ProviderConfigs of both, and nothing else",
            Of(DefaultUse with { HasProviderConfig = true }, RenamedUse with { HasProviderConfig = true }),
            "",
            "ProviderConfig \"ocm\" of ocm.services.openmcp.cloud, ProviderConfig");
        yield return Case(
            "OCMs of both are installed, as a failed swap of the image leaves them",
            Of(DefaultUse with { Ocms = 1, Installed = 1 }, RenamedUse with { Ocms = 2, Installed = 2 }, Default),
            "",
            "1 OCM of ocm.services.openmcp.cloud, 2 OCMs of");
    }

    [TestCaseSource(nameof(Served))]
    [TestCaseSource(nameof(Established))]
    [TestCaseSource(nameof(Migrating))]
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

    [TestCaseSource(nameof(Unread))]
    public void What_could_not_be_read_is_not_taken_for_missing(GroupFacts facts, string group, string error, string? warning)
    {
        var undetermined = (GroupDecision.Undetermined)GroupChoice.Of(facts);

        Assert.That(undetermined.Error, Does.Contain(error));
        Assert.That(undetermined.Fix, Does.Contain("--api-group"));
        Assert.That(GroupChoice.Of(facts with { Setting = Renamed }), Is.TypeOf<GroupDecision.Served>());
    }

    [Test]
    public void The_first_access_of_an_established_group_has_its_name()
    {
        var facts = Of(DefaultUse with { HasProviderConfig = true }, RenamedUse with { HasProviderConfig = true, IsRecorded = true }, Default);

        Assert.That(GroupChoice.Provisional(facts).Group, Is.EqualTo(Renamed));
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
