using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The status of the ProviderConfig, and the Events on it. A pure function.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource; holds only for the version of the ProviderConfig that was read.</param>
/// <param name="Events">The Events, which are created after the status is written.</param>
public sealed record ProviderConfigReport(JsonElement StatusPatch, IReadOnlyList<KubeObject> Events)
{
    /// <summary>Where old API servers, such as Kubernetes 1.20, take Events about objects without a namespace.</summary>
    public const string OldEventNamespace = "kube-system";

    private const string Ready = "Ready";
    private const string Paused = "Paused";
    private const string OtherGroup = "OtherApiGroupInUse";
    private const int LongestVersion = 64;

    /// <summary>What to write; null if the status is up to date.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="providerConfig">The ProviderConfig.</param>
    /// <param name="config">The same, parsed.</param>
    /// <param name="errors">All that is wrong with it.</param>
    /// <param name="fleet">The OCMs.</param>
    /// <param name="apiGroupWarnings">What was found at the start of OCMs in another API group.</param>
    /// <param name="now">The time.</param>
    /// <param name="rollout">How far the rollout is; null leaves what the status says of it.</param>
    /// <param name="storeError">The last error of storing a revision; empty if there is none.</param>
    public static ProviderConfigReport? Of(
        Identity identity,
        KubeObject providerConfig,
        InstallConfig config,
        IReadOnlyList<ConfigIssue> errors,
        Fleet fleet,
        IReadOnlyList<string> apiGroupWarnings,
        DateTimeOffset now,
        RolloutStatus? rollout = null,
        string storeError = "")
    {
        (rollout, storeError) = RolloutProgress.Of(config, rollout, storeError);
        var isPending = rollout is null && providerConfig.Text("status", "updateRevision") is { } last && last != config.Revision;
        Condition[] conditions =
        [
            new(
                Ready,
                errors.Count == 0,
                errors is [var first, ..] ? OcmStates.ReasonOf(first.State) : ProviderConfigReasons.ConfigurationValid,
                Condition.MessageOf(Message(config, errors))),
            new(
                Paused,
                config.IsPaused ? true : null,
                ProviderConfigReasons.OperationIgnore,
                $"All OCMs are paused, deletions included. Remove the annotation {Operation.Annotation} to continue."),
            new(
                OtherGroup,
                apiGroupWarnings.Count > 0 ? true : null,
                ProviderConfigReasons.OcmsNotReconciled,
                Condition.MessageOf($"When the controller started: {string.Join(' ', apiGroupWarnings)}")),
            new(
                VersionCondition.Type,
                fleet.NotOfferedTotal > 0 ? true : null,
                ProviderConfigReasons.VersionNotOffered,
                NotOffered(fleet)),
            .. rollout is not null ? [RolloutCondition.Of(rollout, config)]
                : storeError.Length > 0 ? [RolloutCondition.NotStored(config.Revision, storeError)]
                : isPending ? new[] { RolloutCondition.Pending(config.Revision) }
                : [],
        ];
        var status = new JsonObject
        {
            ["observedGeneration"] = providerConfig.Generation,
            ["conditions"] = Conditions.Of(providerConfig, now, conditions),
            ["ocms"] = Counts(fleet.Total, fleet.Ready),
            ["versions"] = new JsonArray([.. fleet.Versions.Select(Version)]),
        };
        if (rollout is not null)
        {
            status["currentRevision"] = rollout.CurrentRevision;
            status["updateRevision"] = rollout.UpdateRevision;
            RolloutRecord.Write(status, rollout.Decision);
            status["ocms"]!["updated"] = rollout.Decision.Updated;
            status["ocms"]!["unavailable"] = Math.Max(0, fleet.Total - rollout.Available);
        }
        else
        {
            foreach (var field in (string[])["updated", "unavailable"])
            {
                if (providerConfig.Json.Number("status", "ocms", field) is { } before)
                {
                    status["ocms"]![field] = before;
                }
            }
        }

        if (ReportedStatus.Has(providerConfig, status.ToElement()))
        {
            return null;
        }

        return new ProviderConfigReport(
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = providerConfig.ResourceVersion },
                ["status"] = status,
            }.ToElement(),
            [.. conditions.SelectMany(condition => EventOf(identity, providerConfig, condition, now))]);
    }

    /// <summary>The same Event, for old API servers.</summary>
    public static KubeObject ForOldServers(KubeObject @event)
    {
        var json = JsonObject.Create(@event.Json)!;
        json["metadata"] = new JsonObject { ["name"] = @event.Name, ["namespace"] = OldEventNamespace };
        return KubeObject.From(json);
    }

    private static string Message(InstallConfig config, IReadOnlyList<ConfigIssue> errors)
    {
        var issues = string.Join("; ", errors.Concat(config.Warnings).Select(issue => issue.ToString().TrimEnd('.')));
        return errors.Count > 0 ? $"{issues}."
            : issues.Length > 0 ? $"The configuration is valid, but: {issues}."
            : "The configuration is valid.";
    }

    private static string NotOffered(Fleet fleet)
    {
        var versions = string.Join(", ", fleet.NotOffered.Select(version => string.Create(
            CultureInfo.InvariantCulture, $"\"{ForeignText.Cut(ForeignText.Quote(version.Version), LongestVersion, "…")}\" ({version.Total})")));
        var others = fleet.NotOffered.Sum(version => version.Total) < fleet.NotOfferedTotal ? ", …" : "";
        var total = fleet.NotOfferedTotal.ToString(CultureInfo.InvariantCulture);
        return $"{total} OCM(s) have an installation and request a version that is not in spec.versions: {versions}{others}. "
            + "What is installed stays. Add the versions again, or have the owners of the OCMs choose others.";
    }

    private static JsonNode Version(FleetVersion version)
    {
        var counts = Counts(version.Total, version.Ready);
        counts["version"] = version.Version;
        counts["chartVersion"] = version.ChartVersion;
        return counts;
    }

    private static JsonObject Counts(int total, int ready) => new() { ["total"] = total, ["ready"] = ready };

    // If the status or the reason of a condition changes; a condition may also go.
    private static IEnumerable<KubeObject> EventOf(Identity identity, KubeObject providerConfig, Condition condition, DateTimeOffset now)
    {
        var old = providerConfig.Condition(condition.Type);
        var status = condition.IsTrue is { } isTrue ? Condition.StatusOf(isTrue) : null;
        if (old.Text("status") == status && (status is null || old.Text("reason") == condition.Reason))
        {
            yield break;
        }

        if (status is null && condition.Type != Paused)
        {
            yield break;
        }

        yield return new EventManifest(
            $"{EventManifest.NameOf(providerConfig.Name, now)}.{condition.Type.ToLowerInvariant()}",
            EventManifest.ReferenceTo(
                identity.Api.ProviderConfig, providerConfig.Key, providerConfig.Uid, providerConfig.ResourceVersion),
            (condition.IsTrue is false && condition.Reason != ProviderConfigReasons.RolloutPaused)
                || condition.Type is OtherGroup or VersionCondition.Type ? "Warning" : "Normal",
            status is null ? ProviderConfigReasons.OperationIgnoreRemoved : condition.Reason,
            status is null ? "OCMs are reconciled again." : condition.Message,
            "Reconcile",
            identity.ProviderName,
            now).ToObject();
    }
}
