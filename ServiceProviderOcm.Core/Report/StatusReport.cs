using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Observe;

namespace ServiceProviderOcm.Core.Report;

/// <summary>Puts a verdict into the words of the Kubernetes API: phase, conditions, managed resources and Event. Pure.</summary>
public static class StatusReport
{
    private const string ReadyType = "Ready";
    private const int LongestMessage = 32768;

    /// <summary>What to write, or null if the OCM already says so.</summary>
    public static OcmReport? Of(Observation observation, Verdict verdict)
    {
        var ocm = observation.Ocm!;
        var old = ocm.Json.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == ReadyType);
        var status = verdict.Phase == Phase.Ready ? "True" : "False";
        var message = verdict.Message.Length <= LongestMessage ? verdict.Message : verdict.Message[..LongestMessage];
        var hasFlipped = old.Text("status") != status;
        var wanted = new JsonObject
        {
            ["observedGeneration"] = ocm.Generation,
            ["phase"] = verdict.Phase.ToString(),
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = ReadyType,
                ["status"] = status,
                ["reason"] = verdict.Reason,
                ["message"] = message,
                ["observedGeneration"] = ocm.Generation,
                ["lastTransitionTime"] = (hasFlipped ? null : old.Text("lastTransitionTime")) ?? Timestamp(observation.Now),
            }),
            ["resources"] = ManagedResources.Of(observation),
        };

        var element = JsonSerializer.SerializeToElement(wanted);
        if (element.EnumerateObject().All(field => IsSame(field.Value, ocm.Json.At("status", field.Name))))
        {
            return null;
        }

        var isNews = hasFlipped || old.Text("reason") != verdict.Reason;
        var isFirst = old.ValueKind == JsonValueKind.Undefined && status == "False";
        var oldPhase = ocm.Json.Text("status", "phase");
        return new OcmReport(
            JsonSerializer.SerializeToElement(new JsonObject { ["status"] = wanted }),
            isNews ? Event(observation, ocm, verdict, message) : null,
            IsUrgent: (hasFlipped && !isFirst) || (oldPhase is not null && oldPhase != verdict.Phase.ToString()));
    }

    private static bool IsSame(JsonElement wanted, JsonElement? present) => present is { } there
        ? JsonElement.DeepEquals(wanted, there)
        : wanted.ValueKind == JsonValueKind.Array && wanted.GetArrayLength() == 0;

    private static KubeObject Event(Observation observation, KubeObject ocm, Verdict verdict, string message)
    {
        const int LongestName = 253;
        const int LongestEventMessage = 1024;
        var unique = observation.Now.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        var room = LongestName - 1 - unique.Length;
        var name = ocm.Name.Length <= room ? ocm.Name : ocm.Name[..room].TrimEnd('-', '.');
        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Event.ApiVersion,
            ["kind"] = Kinds.Event.Kind,
            ["metadata"] = new JsonObject { ["name"] = $"{name}.{unique}", ["namespace"] = ocm.Namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = observation.Identity.Api.Ocm.ApiVersion,
                ["kind"] = observation.Identity.Api.Ocm.Kind,
                ["namespace"] = ocm.Namespace,
                ["name"] = ocm.Name,
                ["uid"] = ocm.Uid,
                ["resourceVersion"] = ocm.ResourceVersion,
            },
            ["type"] = verdict.Severity == Severity.Fault ? "Warning" : "Normal",
            ["reason"] = verdict.Reason,
            ["message"] = message.Length <= LongestEventMessage ? message : message[..LongestEventMessage],
            ["source"] = new JsonObject { ["component"] = "service-provider-ocm" },
            ["reportingComponent"] = "service-provider-ocm",
            ["reportingInstance"] = observation.Identity.ProviderName,
            ["action"] = "Reconcile",
            ["count"] = 1,
            ["firstTimestamp"] = Timestamp(observation.Now),
            ["lastTimestamp"] = Timestamp(observation.Now),
        });
    }

    private static string Timestamp(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
