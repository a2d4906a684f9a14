using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>What Flux says of an object.</summary>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">Machine-readable reason.</param>
/// <param name="Message">For people.</param>
public sealed record ReadyCondition(string Status, string Reason, string Message)
{
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

    /// <summary>A status with this condition, for an object.</summary>
    public JsonObject ToStatus(KubeObject subject, DateTimeOffset moment)
    {
        var previous = subject.ReadyCondition;
        var now = Timestamps.Time(moment);
        return new JsonObject
        {
            ["observedGeneration"] = subject.Generation,
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = Status,
                ["reason"] = Reason,
                ["message"] = Message,
                ["observedGeneration"] = subject.Generation,
                ["lastTransitionTime"] = previous.Text("status") == Status ? previous.Text("lastTransitionTime") : now,
            }),
        };
    }
}
