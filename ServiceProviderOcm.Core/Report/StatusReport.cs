using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>Derives phase, condition, managed resources and Event of an OCM from its state. A pure function.</summary>
public static class StatusReport
{
    /// <summary>How long a new state must last before it is written.</summary>
    public static readonly TimeSpan DebounceDelay = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan ProgressDebounceDelay = TimeSpan.FromSeconds(5);

    private const int LongestMessage = 32768;

    /// <summary>What to write; <see cref="OcmReport.UpToDate"/> if the status is up to date, or if the state is not reported.</summary>
    public static OcmReport Of(Observation observation, ReadyStatus ready)
    {
        if (ready.Health == Health.Unreported)
        {
            return OcmReport.UpToDate;
        }

        var ocm = observation.Ocm!;
        var old = ocm.ReadyCondition;
        var status = ready.Health == Health.Ready ? "True" : "False";
        var message = ForeignText.Cut(ForeignText.Line(ready.Message), LongestMessage);
        var hasFlipped = old.Text("status") != status;
        var wanted = new JsonObject
        {
            ["observedGeneration"] = ocm.Generation,
            ["phase"] = ready.Phase.ToString(),
            ["conditions"] = Conditions(ocm, new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = status,
                ["reason"] = ready.Reason,
                ["message"] = message,
                ["observedGeneration"] = ocm.Generation,
                ["lastTransitionTime"] = (hasFlipped ? null : old.Text("lastTransitionTime")) ?? Timestamps.Time(observation.Now),
            }),
            ["resources"] = ManagedResources.Of(observation),
        };

        var element = wanted.ToElement();
        if (element.EnumerateObject().All(field => IsSame(field.Value, ocm.Json.At("status", field.Name))))
        {
            return OcmReport.UpToDate;
        }

        var hasChanged = hasFlipped || old.Text("reason") != ready.Reason;
        var report = new OcmReport(
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = ocm.ResourceVersion },
                ["status"] = wanted,
            }.ToElement(),
            DebounceDelayFor(ready, old.Text("status"), ocm.Json.Text("status", "phase")));
        return hasChanged && ready.Health != Health.Pending ? report.WithEvent(Event(observation, ocm, ready, message)) : report;
    }

    // A merge patch replaces the list. Those of other managers stay as they were observed; the patch holds for that version only.
    private static JsonArray Conditions(KubeObject ocm, JsonObject ready)
    {
        var others = ocm.Json.Items("status", "conditions").Where(condition => condition.ValueKind == JsonValueKind.Object).ToList();
        var at = others.FindIndex(condition => condition.Text("type") == "Ready");
        var conditions = new JsonArray(
            [.. others.Where(condition => condition.Text("type") != "Ready").Select(condition => (JsonNode?)JsonObject.Create(condition))]);
        conditions.Insert(at < 0 ? conditions.Count : at, ready);
        return conditions;
    }

    // Changes to and from Ready, and the start of a deletion, are written at once, errors after a short delay, progress after a longer one.
    private static TimeSpan DebounceDelayFor(ReadyStatus ready, string? oldStatus, string? oldPhase)
    {
        var isTurn = oldStatus is null
            ? ready.Health == Health.Ready
            : (oldStatus == "True") != (ready.Health == Health.Ready) || oldPhase != ready.Phase.ToString();
        return isTurn ? TimeSpan.Zero
            : ready.Health == Health.Pending && oldStatus is not null ? ProgressDebounceDelay
            : DebounceDelay;
    }

    private static bool IsSame(JsonElement wanted, JsonElement? present) => present is { } there
        ? JsonElement.DeepEquals(wanted, there)
        : wanted.ValueKind == JsonValueKind.Array && wanted.GetArrayLength() == 0;

    private static KubeObject Event(Observation observation, KubeObject ocm, ReadyStatus ready, string message) => new EventManifest(
        EventManifest.NameOf(ocm.Name, observation.Now),
        EventManifest.ReferenceTo(observation.Identity.Api.Ocm, ocm.Key, ocm.Uid, ocm.ResourceVersion),
        ready.Health == Health.Degraded ? "Warning" : "Normal",
        ready.Reason,
        message,
        "Reconcile",
        observation.Identity.ProviderName,
        observation.Now).ToObject();
}
