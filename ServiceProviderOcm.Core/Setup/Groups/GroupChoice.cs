using System.Globalization;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>
/// Decides which API group is served. A configured group always is. Else the one that is in use: OCMs decide, then the registration with
/// openmcp-operator, then the ProviderConfig. Pure.
/// </summary>
public static class GroupChoice
{
    /// <summary>Decides.</summary>
    public static GroupDecision Of(GroupFacts facts)
    {
        if (facts.Setting.Length > 0)
        {
            return new GroupDecision.Served(
                new ProviderApi(facts.Setting),
                "it is set (--api-group)",
                [.. facts.Groups.Where(group => group.Api.Group != facts.Setting && group.Ocms > 0).Select(NotReconciled)]);
        }

        return OfOcms(facts) ?? OfPlatform(facts);
    }

    /// <summary>Decides before OCMs are known, which takes access to the onboarding cluster: by what the platform cluster has.</summary>
    public static ProviderApi Provisional(GroupFacts facts) =>
        facts.Setting.Length > 0 ? new ProviderApi(facts.Setting)
        : OfPlatform(facts) is GroupDecision.Served served ? served.Api
        : facts.Groups.First(group => group.HasProviderConfig).Api;

    private static GroupDecision? OfOcms(GroupFacts facts)
    {
        IReadOnlyList<GroupUse> used = [.. facts.Groups.Where(group => group.Ocms > 0)];
        IReadOnlyList<GroupUse> arrived = [.. facts.Groups.Where(group => group.Arrived > 0)];
        return (used, arrived) switch
        {
            ([var only], var others) => Served(
                facts,
                only,
                $"{Count(only.Ocms)} of it exist",
                others.Any(other => other != only) || only.Moving > 0 ? [Incomplete(only)] : []),
            ([], [var only]) => Served(facts, only, $"{Count(only.Arrived)} of it exist, which `migrate` has brought", []),
            ([], []) when facts.Groups.FirstOrDefault(group => group.Moving > 0) is { } moving =>
                Served(facts, moving, $"{Count(moving.Moving)} of it exist", [Incomplete(moving)]),
            ([], []) => null,
            ([], var several) => Ambiguous(several, group => Count(group.Arrived)),
            (var several, _) => Ambiguous(several, group => Count(group.Ocms)),
        };
    }

    private static GroupDecision OfPlatform(GroupFacts facts)
    {
        IReadOnlyList<GroupUse> configured = [.. facts.Groups.Where(group => group.HasProviderConfig)];
        if (facts.Registered is [var registered])
        {
            var use = facts.Groups.FirstOrDefault(group => group.Api.Group == registered) ?? new GroupUse(new ProviderApi(registered));
            return Served(facts, use, $"{NoOcm(facts)}, and ServiceProvider \"{facts.ProviderName}\" registers it", []);
        }

        return configured switch
        {
            [] => Served(facts, facts.Groups[0], "nothing of another group exists, and it is the default", []),
            [var only] => Served(facts, only, $"{NoOcm(facts)}, and it has ProviderConfig \"{facts.ProviderName}\"", []),
            _ => Ambiguous(configured, _ => $"ProviderConfig \"{facts.ProviderName}\""),
        };
    }

    private static GroupDecision.Served Served(GroupFacts facts, GroupUse group, string reason, IReadOnlyList<string> warnings) => new(
        group.Api,
        reason,
        [
            .. warnings,
            .. facts.Groups.Where(other => other.Unlisted.Length > 0)
                .GroupBy(other => other.Unlisted, other => other.Api.Group, StringComparer.Ordinal)
                .Select(same => Unlisted(same.Key, string.Join(" and ", same))),
        ]);

    private static string NoOcm(GroupFacts facts) =>
        facts.Groups.Any(group => group.Unlisted.Length > 0) ? "no OCM is known" : "no OCM exists";

    private static GroupDecision.Ambiguous Ambiguous(IReadOnlyList<GroupUse> groups, Func<GroupUse, string> what) => new(
        $"More than one API group is in use: {string.Join(", ", groups.Select(group => $"{what(group)} of {group.Api.Group}"))}.",
        $"Set --api-group to serve one of them, or move everything to one: `migrate --from {groups[0].Api.Group} --to {groups[^1].Api.Group}` or the "
            + "reverse, or delete what is not needed.");

    private static string Unlisted(string why, string groups) =>
        $"OCMs of {groups} were not considered: {why.TrimEnd('.')}. Set --api-group, or grant `list` for them.";

    private static string NotReconciled(GroupUse group) =>
        $"{Count(group.Ocms)} of {group.Api.Group} exist and are not reconciled. Serve that group, or move them with `migrate`.";

    private static string Incomplete(GroupUse group) =>
        $"A migration is not complete: {Count(group.Ocms + group.Moving)} of {group.Api.Group} are left. Run `migrate` again.";

    private static string Count(int ocms) => string.Create(CultureInfo.InvariantCulture, $"{ocms} OCM{(ocms == 1 ? "" : "s")}");
}
