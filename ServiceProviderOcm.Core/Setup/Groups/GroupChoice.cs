using System.Globalization;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>
/// Decides which API group is served. A configured group always is. Else the one that this provider has served before, as its ProviderConfig
/// shows: what tenants create cannot change that. Else the one that is in use: OCMs decide, then the registration with openmcp-operator, then
/// the ProviderConfig. Pure.
/// </summary>
public static class GroupChoice
{
    /// <summary>Decides.</summary>
    public static GroupDecision Of(GroupFacts facts)
    {
        if (facts.Setting.Length > 0)
        {
            return Served(facts, new GroupUse(new ProviderApi(facts.Setting)), "it is set (--api-group)");
        }

        return OfRecord(facts) ?? OfErrors(facts.Groups.Select(group => group.Error)) ?? OfOcms(facts)
            ?? OfErrors([facts.RegistrationError], " If openmcp-operator does not run this provider, set --standalone.") ?? OfPlatform(facts);
    }

    /// <summary>Decides before OCMs are known, which takes access to the onboarding cluster: by what the platform cluster has.</summary>
    public static ProviderApi Provisional(GroupFacts facts) =>
        facts.Setting.Length > 0 ? new ProviderApi(facts.Setting)
        : OfRecord(facts) is { } recorded ? recorded.Api
        : OfPlatform(facts) is GroupDecision.Served served ? served.Api
        : facts.Groups.First(group => group.HasProviderConfig).Api;

    /// <summary>What could not be read of the platform cluster, and may be what decides; null if nothing.</summary>
    public static GroupDecision.Undetermined? UnreadOnPlatform(GroupFacts facts) =>
        facts.Setting.Length > 0 || OfRecord(facts) is not null ? null : OfErrors(facts.Groups.Select(group => group.Error));

    private static GroupDecision.Undetermined? OfErrors(IEnumerable<string> errors, string more = "") =>
        errors.Where(error => error.Length > 0).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } found
            ? new GroupDecision.Undetermined(
                $"What exists of the API groups could not be read: {string.Join("; ", found.Select(error => error.TrimEnd('.')))}.",
                $"Grant `list` for it, or set --api-group.{more}")
            : null;

    // What only this provider writes: tenants can create OCMs of another group, and mark their own, but nothing on the platform cluster.
    private static GroupDecision.Served? OfRecord(GroupFacts facts)
    {
        IReadOnlyList<GroupUse> recorded = [.. facts.Groups.Where(group => group.IsRecorded)];
        IReadOnlyList<GroupUse> settled = [.. recorded.Where(group => group.MovesTo.Length == 0)];
        return (settled, recorded) switch
        {
            ([var only], _) when only.Installed > 0 || facts.Groups.All(group => group.Installed == 0) => Served(facts, only, Recorded(facts)),
            ([], [var moving]) when moving.Ocms > 0 => Served(facts, moving, $"{Count(moving.Ocms)} of it exist, which `migrate` has to mark"),
            ([], [var moving]) => Served(facts, Use(facts, moving.MovesTo), $"`migrate` moves everything to it from {moving.Api.Group}"),
            ({ Count: > 1 }, _) when facts.Registered is [var registered] && settled.FirstOrDefault(group => group.Api.Group == registered) is { } use =>
                Served(facts, use, $"{Recorded(facts)}, and ServiceProvider \"{facts.ProviderName}\" registers it"),
            _ => null,
        };
    }

    private static GroupDecision? OfOcms(GroupFacts facts)
    {
        IReadOnlyList<GroupUse> used = [.. facts.Groups.Where(group => group.Ocms > 0)];
        IReadOnlyList<GroupUse> installed = [.. used.Where(group => group.Installed > 0)];
        IReadOnlyList<GroupUse> arrived = [.. facts.Groups.Where(group => group.Arrived > 0)];
        return (used, arrived) switch
        {
            ([var only], _) => Served(facts, only, $"{Count(only.Ocms)} of it exist"),
            ([], [var only]) => Served(facts, only, $"{Count(only.Arrived)} of it exist, which `migrate` has brought"),
            ([], []) when facts.Groups.FirstOrDefault(group => group.Moving > 0) is { } moving =>
                Served(facts, moving, $"{Count(moving.Moving)} of it exist"),
            ([], []) => null,
            ([], var several) => Ambiguous(several, group => Count(group.Arrived)),
            _ when installed is [var only] => Served(facts, only, $"{Count(only.Installed)} of it are installed, and none of another group"),
            (var several, _) => Ambiguous(several, group => Count(group.Ocms)),
        };
    }

    private static GroupDecision OfPlatform(GroupFacts facts)
    {
        IReadOnlyList<GroupUse> configured = [.. facts.Groups.Where(group => group.HasProviderConfig)];
        IReadOnlyList<GroupUse> settled = [.. configured.Where(group => group.MovesTo.Length == 0)];
        if (facts.Registered is [var registered])
        {
            return Served(
                facts, Use(facts, registered), $"{NoOcm(facts)}, and ServiceProvider \"{facts.ProviderName}\" registers it");
        }

        return (settled, configured) switch
        {
            ([], [var moving, ..]) => Served(facts, Use(facts, moving.MovesTo), $"`migrate` moves everything to it from {moving.Api.Group}"),
            ([], _) => Served(facts, facts.Groups[0], "nothing of another group exists, and it is the default"),
            ([var only], _) => Served(facts, only, $"{NoOcm(facts)}, and it has ProviderConfig \"{facts.ProviderName}\""),
            _ => Ambiguous(settled, _ => $"ProviderConfig \"{facts.ProviderName}\""),
        };
    }

    private static GroupUse Use(GroupFacts facts, string group) =>
        facts.Groups.FirstOrDefault(known => known.Api.Group == group) ?? new GroupUse(new ProviderApi(group));

    private static GroupDecision.Served Served(GroupFacts facts, GroupUse served, string reason)
    {
        var others = facts.Groups.Where(group => group.Api.Group != served.Api.Group).ToList();
        var isMoving = served.Moving > 0 || served.MovesTo.Length > 0 || (served.Ocms > 0 && others.Exists(group => group.Arrived > 0));
        return new GroupDecision.Served(
            served.Api,
            reason,
            [
                .. isMoving ? [Incomplete(served)] : Array.Empty<string>(),
                .. others.Where(group => group.Ocms > 0)
                    .Select(group => group.MovesTo == served.Api.Group ? Incomplete(group) : NotReconciled(group)),
                .. Unread(facts, group => group.Unlisted, "considered"),
                .. Unread(facts, group => group.Error, "read"),
            ])
        {
            IsOtherInUse = isMoving || others.Exists(group => group.Ocms > 0),
        };
    }

    private static IEnumerable<string> Unread(GroupFacts facts, Func<GroupUse, string> whyOf, string what) => facts.Groups
        .Where(group => facts.Setting.Length == 0 && whyOf(group).Length > 0)
        .GroupBy(whyOf, group => group.Api.Group, StringComparer.Ordinal)
        .Select(same => $"OCMs of {string.Join(" and ", same)} were not {what}: {same.Key.TrimEnd('.')}. Set --api-group, or grant `list` for them.");

    private static string Recorded(GroupFacts facts) => $"this provider has served it before (status of ProviderConfig \"{facts.ProviderName}\")";

    private static string NoOcm(GroupFacts facts) =>
        facts.Groups.Any(group => group.Unlisted.Length > 0) ? "no OCM is known" : "no OCM exists";

    private static GroupDecision.Ambiguous Ambiguous(IReadOnlyList<GroupUse> groups, Func<GroupUse, string> what) => new(
        $"More than one API group is in use: {string.Join(", ", groups.Select(group => $"{what(group)} of {group.Api.Group}"))}.",
        $"Set --api-group to serve one of them, or move everything to one: `migrate --from {groups[0].Api.Group} --to {groups[^1].Api.Group}` or the "
            + "reverse, or delete what is not needed.");

    private static string NotReconciled(GroupUse group) =>
        $"{Count(group.Ocms)} of {group.Api.Group} exist and are not reconciled. Serve that group, move them with `migrate`, or delete them.";

    private static string Incomplete(GroupUse group) =>
        $"A migration is not complete: {Count(group.Ocms + group.Moving)} of {group.Api.Group} are left. Run `migrate` again.";

    private static string Count(int ocms) => string.Create(CultureInfo.InvariantCulture, $"{ocms} OCM{(ocms == 1 ? "" : "s")}");
}
