using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>
/// Compares what two configurations install for all OCMs, by what the planner renders, and forecasts the rollout. A pure function.
/// </summary>
public static class ConfigComparer
{
    private static readonly ObjectKey AnyOcm = new("namespace", "name");

    /// <summary>Compares.</summary>
    /// <param name="inputs">The new configuration, and the Secrets and ConfigMaps that both refer to.</param>
    /// <param name="from">The configuration before.</param>
    /// <param name="ocms">Where the OCMs are.</param>
    /// <param name="failedCanaries">The canaries that have failed at the new configuration, whatever has become of them.</param>
    /// <param name="now">The time.</param>
    public static ConfigDiff Compare(
        RenderInputs inputs,
        InstallConfig from,
        IReadOnlyCollection<ObservedOcm> ocms,
        IReadOnlyCollection<ObjectKey> failedCanaries,
        DateTimeOffset now)
    {
        var sorted = ocms.OrderBy(each => each.Ocm.Namespace, StringComparer.Ordinal).ThenBy(each => each.Ocm.Name, StringComparer.Ordinal).ToList();
        var fleet = new RolloutFleet(sorted.Count, [.. sorted.Select(each => each.Member).OfType<RolloutMember>()], now)
        {
            FailedCanaries = failedCanaries,
        };
        var open = sorted.Where(each => each.Member is not null && !Operation.IsIgnore(each.Ocm)).ToList();
        var changed = open.Where(each => !each.Member!.IsUpdated).ToList();
        var groups = changed.Where(each => each.Own is not null).GroupBy(each => (each.Own!.Revision, VersionOf(each.Ocm)))
            .Select(group => Group.Of(inputs, [.. group]))
            .ToList();
        var differences = groups.Where(group => group.To.Error is null && group.Changes.Length > 0).ToList();
        var rejected = groups.Where(group => group.To.Error is not null && group.From.Error?.Reason != group.To.Error.Reason).ToList();
        return new ConfigDiff(from, inputs.Config, sorted.Count)
        {
            Differences =
            [
                .. differences.GroupBy(group => group.Changes, StringComparer.Ordinal)
                    .OrderByDescending(same => same.Sum(group => group.Ocms.Count))
                    .Select(same => Difference(inputs, [.. same])),
            ],
            Rejected =
            [
                .. rejected.GroupBy(group => group.To.Error!).Select(same => new RejectedOcms(
                    same.Key.Reason, same.Key.Message, [.. same.SelectMany(group => group.Ocms).Select(each => each.Ocm.Key)])),
            ],
            Unknown = [.. changed.Where(each => each.Own is null).Select(each => each.Ocm.Key)],
            Unchanged = open.Count - changed.Count
                + groups.Except(differences).Except(rejected).Sum(group => group.Ocms.Count),
            Paused = sorted.Count(each => each.Member is not null && Operation.IsIgnore(each.Ocm)),
            NotInstalled = sorted.Count(each => each is { Member: null, IsUnreadable: false }),
            Unreadable = sorted.Count(each => each.IsUnreadable),
            Forecast = RolloutForecast.Of(fleet, inputs.Config.Rollout, now),
        };
    }

    /// <summary>An OCM that is assumed to be installed and Ready with a configuration.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="from">The configuration.</param>
    /// <param name="to">The configuration that is rolled out.</param>
    /// <param name="tenantNamespace">Its tenant namespace; null if it is not known.</param>
    /// <param name="observer">Compares configurations.</param>
    /// <param name="now">The time.</param>
    public static ObservedOcm Installed(
        KubeObject ocm, InstallConfig from, InstallConfig to, KubeObject? tenantNamespace, FleetObserver observer, DateTimeOffset now)
    {
        var isCanary = RolloutMembers.IsCanary(to.Rollout, tenantNamespace);
        var member = RolloutMembers.Of(ocm, Model.RevisionMarks.None, to, isCanary, isLimited: false, now) with
        {
            IsReady = true,
            ReadyChangedAt = DateTimeOffset.UnixEpoch,
        };
        return new ObservedOcm(
            ocm, from, member with { IsUpdated = !member.IsHeld && observer.Installations.AreSame(from, to, VersionOf(ocm)) }, isCanary);
    }

    private static ConfigDifference Difference(RenderInputs inputs, IReadOnlyList<Group> same)
    {
        var first = same[0].Ocms[0];
        return new ConfigDifference(
            first.Own!.Revision,
            [.. same.SelectMany(group => group.Ocms).Select(each => each.Ocm.Key)],
            RenderedOcm.Difference(RenderedOcm.Of(inputs, first.Own, first.Ocm), RenderedOcm.Of(inputs, inputs.Config, first.Ocm)));
    }

    private static string VersionOf(KubeObject ocm) => ocm.Json.Text("spec", "version") ?? "";

    /// <summary>OCMs that have the same version and are at the same revision.</summary>
    private sealed record Group(IReadOnlyList<ObservedOcm> Ocms, RenderedOcm From, RenderedOcm To)
    {
        /// <summary>What changes, whatever surrounds it: equal for OCMs that differ in nothing else.</summary>
        public string Changes { get; } = string.Join('\n', RenderedOcm.Difference(From, To).Where(line => line[0] is '-' or '+'));

        // Of one name, so that names make no difference.
        public static Group Of(RenderInputs inputs, IReadOnlyList<ObservedOcm> ocms)
        {
            var any = KubeObject.From(new JsonObject
            {
                ["apiVersion"] = inputs.Identity.Api.Ocm.ApiVersion,
                ["kind"] = inputs.Identity.Api.Ocm.Kind,
                ["metadata"] = new JsonObject { ["namespace"] = AnyOcm.Namespace, ["name"] = AnyOcm.Name },
                ["spec"] = new JsonObject { ["version"] = VersionOf(ocms[0].Ocm) },
            });
            return new Group(ocms, RenderedOcm.Of(inputs, ocms[0].Own!, any), RenderedOcm.Of(inputs, inputs.Config, any));
        }
    }
}
