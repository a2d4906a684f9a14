using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Report;

/// <summary>Puts a verdict into the words of the Kubernetes API: phase, conditions, managed resources and Event. Pure.</summary>
public static class StatusReport
{
    /// <summary>How long a cause has to hold before it is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan PatienceWithProgress = TimeSpan.FromSeconds(5);

    private const int LongestMessage = 32768;

    /// <summary>What to write, or null if the OCM already says so.</summary>
    public static OcmReport? Of(Observation observation, Verdict verdict)
    {
        var ocm = observation.Ocm!;
        var old = ocm.ReadyCondition;
        var status = verdict.Phase == Phase.Ready ? "True" : "False";
        var message = verdict.Message.Length <= LongestMessage ? verdict.Message : verdict.Message[..LongestMessage];
        var hasFlipped = old.Text("status") != status;
        var wanted = new JsonObject
        {
            ["observedGeneration"] = ocm.Generation,
            ["phase"] = verdict.Phase.ToString(),
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = status,
                ["reason"] = verdict.Reason,
                ["message"] = message,
                ["observedGeneration"] = ocm.Generation,
                ["lastTransitionTime"] = (hasFlipped ? null : old.Text("lastTransitionTime")) ?? Timestamp(observation.Now),
            }),
            ["resources"] = ManagedResources.Of(observation),
        };

        var element = wanted.ToElement();
        if (element.EnumerateObject().All(field => IsSame(field.Value, ocm.Json.At("status", field.Name))))
        {
            return null;
        }

        var isNews = hasFlipped || old.Text("reason") != verdict.Reason;
        return new OcmReport(
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = ocm.ResourceVersion },
                ["status"] = wanted,
            }.ToElement(),
            isNews && verdict.Severity != Severity.Waiting ? Event(observation, ocm, verdict, message) : null,
            PatienceFor(verdict, old.Text("status"), ocm.Json.Text("status", "phase")));
    }

    // To and from Ready, and into deletion, at once. Causes soon. Further words of progress now and then.
    private static TimeSpan PatienceFor(Verdict verdict, string? oldStatus, string? oldPhase)
    {
        var isTurn = oldStatus is null
            ? verdict.Phase == Phase.Ready
            : (oldStatus == "True") != (verdict.Phase == Phase.Ready) || oldPhase != verdict.Phase.ToString();
        return isTurn ? TimeSpan.Zero
            : verdict.Severity == Severity.Waiting && oldStatus is not null ? PatienceWithProgress
            : Patience;
    }

    private static bool IsSame(JsonElement wanted, JsonElement? present) => present is { } there
        ? JsonElement.DeepEquals(wanted, there)
        : wanted.ValueKind == JsonValueKind.Array && wanted.GetArrayLength() == 0;

    private static KubeObject Event(Observation observation, KubeObject ocm, Verdict verdict, string message)
    {
        const int LongestName = 253;
        const int LongestNote = 1024;
        const int LongestInstance = 128;
        var unique = observation.Now.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        var room = LongestName - 1 - unique.Length;
        var name = ocm.Name.Length <= room ? ocm.Name : ocm.Name[..room].TrimEnd('-', '.');
        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Event.ApiVersion,
            ["kind"] = Kinds.Event.Kind,
            ["metadata"] = new JsonObject { ["name"] = $"{name}.{unique}", ["namespace"] = ocm.Namespace },
            ["regarding"] = new JsonObject
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
            ["note"] = CutToBytes(message, LongestNote),
            ["action"] = "Reconcile",
            ["reportingController"] = "service-provider-ocm",
            ["reportingInstance"] = PlatformNames.Shorten(observation.Identity.ProviderName, LongestInstance),
            ["eventTime"] = observation.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        });
    }

    private static string CutToBytes(string text, int maxBytes)
    {
        var end = text.Length;
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) > maxBytes)
        {
            end--;
        }

        return text[..end];
    }

    private static string Timestamp(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
