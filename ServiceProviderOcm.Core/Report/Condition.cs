using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Report;

/// <summary>One desired condition.</summary>
/// <param name="Type">The type, such as <c>Ready</c>.</param>
/// <param name="IsTrue">Whether its status is <c>True</c> or <c>False</c>; null if the condition should not exist.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Message">The message.</param>
internal sealed record Condition(string Type, bool? IsTrue, string Reason, string Message)
{
    private const int LongestMessage = 32768;

    /// <summary>A text as a message: one line, cut if it is too long.</summary>
    public static string MessageOf(string text) => ForeignText.Cut(ForeignText.Line(text), LongestMessage);

    /// <summary>The text of a status.</summary>
    public static string StatusOf(bool isTrue) => isTrue ? "True" : "False";

    /// <summary>The condition for an object, which keeps its transition time as long as its status does not change.</summary>
    public JsonObject? ToJson(KubeObject owner, DateTimeOffset now) => ToJson(owner.Condition(Type), owner.Generation, now);

    /// <summary>The condition in place of an older one, whose transition time it keeps as long as the status does not change.</summary>
    public JsonObject? ToJson(JsonElement old, long generation, DateTimeOffset now)
    {
        if (IsTrue is not { } isTrue)
        {
            return null;
        }

        var status = StatusOf(isTrue);
        return new JsonObject
        {
            ["type"] = Type,
            ["status"] = status,
            ["reason"] = Reason,
            ["message"] = Message,
            ["observedGeneration"] = generation,
            ["lastTransitionTime"] =
                (old.Text("status") == status ? old.Text("lastTransitionTime") : null) ?? Timestamps.Time(now),
        };
    }
}
