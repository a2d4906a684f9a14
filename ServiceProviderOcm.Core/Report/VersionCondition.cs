using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>
/// The condition VersionWarning of an OCM, which exists while its user should know something of its version, although that is installed.
/// </summary>
internal static class VersionCondition
{
    /// <summary>The type of the condition.</summary>
    public const string Type = "VersionWarning";

    /// <summary>The desired condition; null if it stays as it is, because the versions are not known.</summary>
    public static Condition? Of(Observation observation, ReadyStatus ready)
    {
        if (!observation.Config.Exists && !ready.IsBeingDeleted)
        {
            return null;
        }

        var warning = ready.IsBeingDeleted ? null : observation.VersionWarning;
        return new Condition(Type, warning is null ? null : true, warning?.Reason ?? "", warning?.Message ?? "");
    }

    /// <summary>Whether the condition says what it did not say before.</summary>
    public static bool IsNew(Condition condition, KubeObject ocm) =>
        condition.IsTrue is true
        && ocm.Condition(Type) is var old
        && (old.Text("reason") != condition.Reason || old.Text("message") != condition.Message);
}
