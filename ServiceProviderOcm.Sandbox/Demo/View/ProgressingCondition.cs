using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>How the configuration reaches the OCMs: the condition Progressing of the ProviderConfig.</summary>
/// <param name="IsProgressing">Its status.</param>
/// <param name="Reason">Its reason; empty if there is none.</param>
/// <param name="Message">Its message.</param>
internal sealed record ProgressingCondition(bool IsProgressing, string Reason, string Message)
{
    /// <summary>The reason of a rollout that has stalled.</summary>
    public const string Stalled = "ProgressDeadlineExceeded";

    /// <summary>The reason of a rollout that is complete.</summary>
    public const string Complete = "NewRevisionAvailable";

    /// <summary>Nothing is reported.</summary>
    public static readonly ProgressingCondition None = new(false, "", "");

    /// <summary>Reads the status of a ProviderConfig.</summary>
    public static ProgressingCondition Of(KubeObject config) =>
        config.Condition("Progressing") is var condition && condition.Text("reason") is { } reason
            ? new ProgressingCondition(condition.Text("status") == "True", reason, condition.Text("message") ?? "")
            : None;

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
