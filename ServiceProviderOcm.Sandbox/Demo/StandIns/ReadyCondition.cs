using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>What Flux says of an object.</summary>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">Machine-readable reason.</param>
/// <param name="Message">For people.</param>
public sealed record ReadyCondition(string Status, string Reason, string Message)
{
    /// <summary>The type of the condition.</summary>
    public string Type { get; init; } = "Ready";

    /// <summary>The condition of work that is under way.</summary>
    public static ReadyCondition Reconciling(string message) => new("True", "Progressing", message) { Type = "Reconciling" };

    /// <summary>The condition of work that is not tried again.</summary>
    public static ReadyCondition Stalled(string message) => new("True", "RetriesExceeded", message) { Type = "Stalled" };

    /// <summary>Whether an object is Ready as it is wanted now.</summary>
    public static bool IsTrue(KubeObject subject) =>
        subject.ReadyCondition is var condition
        && condition.Text("status") == "True"
        && condition.Number("observedGeneration") == subject.Generation;

    /// <summary>Whether an object says just this already.</summary>
    public bool IsOn(KubeObject subject) =>
        subject.ReadyCondition is var condition
        && condition.Text("status") == Status
        && condition.Text("reason") == Reason
        && condition.Text("message") == Message
        && condition.Number("observedGeneration") == subject.Generation;

    /// <summary>A patch of the status with this condition, and nothing else: Flux writes the rest of the status after it.</summary>
    /// <param name="subject">The object.</param>
    /// <param name="moment">The time.</param>
    /// <param name="others">Conditions beside it.</param>
    public JsonObject ToConditions(KubeObject subject, DateTimeOffset moment, params IEnumerable<ReadyCondition> others) => new()
    {
        ["conditions"] = new JsonArray([.. others.Append(this).Select(condition => condition.ToJson(subject, moment))]),
    };

    private JsonObject ToJson(KubeObject subject, DateTimeOffset moment)
    {
        var previous = subject.Condition(Type);
        return new JsonObject
        {
            ["type"] = Type,
            ["status"] = Status,
            ["reason"] = Reason,
            ["message"] = Message,
            ["observedGeneration"] = subject.Generation,
            ["lastTransitionTime"] = (previous.Text("status") == Status ? previous.Text("lastTransitionTime") : null)
                ?? Timestamps.Time(moment),
        };
    }
}
