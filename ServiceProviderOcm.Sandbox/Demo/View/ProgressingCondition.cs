using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>How the configuration reaches the OCMs: the condition Progressing of the ProviderConfig.</summary>
/// <param name="Reason">Its reason; empty if there is none.</param>
/// <param name="Message">Its message.</param>
/// <param name="HasReachedAll">Whether all OCMs are updated.</param>
internal sealed record ProgressingCondition(string Reason, string Message, bool HasReachedAll)
{
    /// <summary>The reason of a rollout that has stalled.</summary>
    public const string Stalled = "ProgressDeadlineExceeded";

    /// <summary>Nothing is reported.</summary>
    public static readonly ProgressingCondition None = new("", "", HasReachedAll: false);

    private const string Complete = "NewRevisionAvailable";

    /// <summary>Reads the status of a ProviderConfig.</summary>
    public static ProgressingCondition Of(KubeObject config) =>
        config.Condition("Progressing") is var condition && condition.Text("reason") is { } reason
            ? new ProgressingCondition(
                reason,
                condition.Text("message") ?? "",
                config.Json.Number("status", "ocms", "updated") is { } updated && updated == config.Json.Number("status", "ocms", "total"))
            : None;

    /// <summary>Whether the rollout is complete, and the OCMs are reported to be updated.</summary>
    public bool IsComplete => Reason == Complete && HasReachedAll;

    /// <summary>The state in a word.</summary>
    public string State => Reason switch
    {
        "" => "New",
        Complete => "RolledOut",
        Stalled => "Stalled",
        "RolloutPaused" => "Paused",
        _ => "Progressing",
    };

    public override string ToString() => Reason.Length == 0 ? "Not reconciled yet." : $"{Reason}: {Message}";
}
