using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Report;

/// <summary>What the status of the ProviderConfig says of a rollout, so that neither a restart nor another leader loses it.</summary>
public sealed record RolloutRecord
{
    private const string Field = "failedCanaries";

    // What is in one status must have a bound. Those beyond it are known until the leader changes.
    private const int MaxFailedCanaries = 100;

    /// <summary>The revision that was last rolled out completely; null if there is none.</summary>
    public string? CurrentRevision { get; init; }

    /// <summary>Since when the rollout is stalled; null if it is not.</summary>
    public DateTimeOffset? StalledSince { get; init; }

    /// <summary>The canaries that have failed at the revision.</summary>
    public IReadOnlyList<ObjectKey> FailedCanaries { get; init; } = [];

    /// <summary>Reads the status.</summary>
    /// <param name="providerConfig">The ProviderConfig; null if it does not exist.</param>
    /// <param name="revision">The revision that is rolled out: what the status says of another one does not count.</param>
    public static RolloutRecord Of(KubeObject? providerConfig, string revision)
    {
        var current = new RolloutRecord { CurrentRevision = providerConfig?.Text("status", "currentRevision") };
        return providerConfig is null || providerConfig.Text("status", "updateRevision") != revision ? current : current with
        {
            StalledSince = RolloutCondition.StalledSince(providerConfig),
            FailedCanaries =
            [
                .. providerConfig.Json.Items("status", Field)
                    .Select(each => new ObjectKey(each.Text("namespace") ?? "", each.Text("name") ?? ""))
                    .Where(ocm => ocm.Name.Length > 0),
            ],
        };
    }

    /// <summary>
    /// Why not all OCMs are at the spec of a ProviderConfig yet, as the end of a sentence; null if they are, or if nothing was rolled out.
    /// </summary>
    public static string? Unfinished(KubeObject providerConfig)
    {
        var revision = ConfigRevision.Of(providerConfig.Json.At("spec") ?? default);
        return providerConfig.Condition(RolloutCondition.Type).Text("reason") is { } reason and not ProviderConfigReasons.NewRevisionAvailable
                ? $"is not complete ({reason})"
            : providerConfig.Text("status", "currentRevision") is { } current && current != revision
                ? $"has not begun (revision {revision} of the spec, after {current})"
            : null;
    }

    /// <summary>Writes the canaries that have failed into the status.</summary>
    internal static void Write(JsonObject status, RolloutDecision decision) => status[Field] = new JsonArray(
    [
        .. decision.FailedCanaries.Take(MaxFailedCanaries)
            .Select(ocm => new JsonObject { ["namespace"] = ocm.Namespace, ["name"] = ocm.Name }),
    ]);
}
