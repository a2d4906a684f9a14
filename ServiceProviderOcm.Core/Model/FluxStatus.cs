using System.Collections.Frozen;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// What Flux reports of one of its objects. Flux writes conditions first and the rest of the status with <c>observedGeneration</c> in a
/// second patch, so that a Ready condition alone says nothing of artifact and history.
/// </summary>
/// <param name="State">The state of the object.</param>
/// <param name="Message">The message of the Ready condition while it is not True, as messages quote it; empty if there is none.</param>
public sealed record FluxStatus(FluxState State, string Message)
{
    private static readonly FrozenSet<string> WaitingForSource =
        new[] { "SourceNotReady", "HelmChartNotReady" }.ToFrozenSet(StringComparer.Ordinal);

    // Of a Helm action, which is of the chart that was attempted last.
    private static readonly FrozenSet<string> FailedActions = new[]
    {
        "InstallFailed", "UpgradeFailed", "TestFailed", "RollbackSucceeded", "RollbackFailed", "UninstallSucceeded", "UninstallFailed",
    }.ToFrozenSet(StringComparer.Ordinal);

    // With the reason ArtifactFailed, which also stands for failures.
    private static readonly string[] WaitingMessages = ["Source not ready", "HelmChart not ready", "could not get Source object"];

    /// <summary>Whether a HelmRelease has been installed before, so that the next action of Flux is an upgrade.</summary>
    public bool IsUpgrade { get; init; }

    /// <summary>Whether the signature of an OCIRepository's chart could not be verified; the message is that of Flux.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>The permissions that Flux lacks on the control plane; empty if it does not say so.</summary>
    public string MissingPermissions { get; init; } = "";

    /// <summary>The object's phase in <c>status.resources</c>.</summary>
    public Phase Phase => State switch
    {
        FluxState.Ready => Phase.Ready,
        FluxState.Terminating or FluxState.TerminationFailed => Phase.Terminating,
        _ => Phase.Progressing,
    };

    /// <summary>Reads the Ready condition. A condition of an earlier generation is ignored.</summary>
    /// <param name="fluxObject">The object.</param>
    /// <param name="secrets">The values that the message must not show.</param>
    public static FluxStatus Of(KubeObject fluxObject, SecretValues secrets)
    {
        var ready = fluxObject.ReadyCondition;
        var hasFailed = ready.Text("status") == "False";
        if (fluxObject.IsBeingDeleted)
        {
            return hasFailed ? new FluxStatus(FluxState.TerminationFailed, Message()) { MissingPermissions = Missing() } : new FluxStatus(FluxState.Terminating, "");
        }

        return ready.Text("status") is not { } status || IsOutdated(fluxObject, ready.Number("observedGeneration"))
            ? new FluxStatus(FluxState.Pending, "")
            : status == "True" ? new FluxStatus(IsObserved(fluxObject) ? FluxState.Ready : FluxState.Pending, "")
            : new FluxStatus(hasFailed ? FluxState.Failed : FluxState.Pending, Message()) { MissingPermissions = hasFailed ? Missing() : "" };

        string Missing() => secrets.Redact(Model.MissingPermissions.In(ready.Text("message") ?? ""));

        string Message() => ForeignText.Quote(ready.Text("message"), secrets);
    }

    /// <summary>Reads an OCIRepository, which is ready once it has the artifact that its spec asks for.</summary>
    /// <param name="source">The OCIRepository.</param>
    /// <param name="secrets">The values that the message must not show.</param>
    public static FluxStatus OfSource(KubeObject source, SecretValues secrets)
    {
        var status = Of(source, secrets);
        if (status.State == FluxState.Failed
            && source.Condition("SourceVerified") is var verified
            && verified.Text("status") == "False"
            && !IsOutdated(source, verified.Number("observedGeneration")))
        {
            return status with { IsUnverified = true, Message = ForeignText.Quote(verified.Text("message"), secrets) };
        }

        return status.State == FluxState.Ready && !ChartArtifact.Of(source).IsWantedBy(source)
            ? new FluxStatus(FluxState.Pending, "")
            : status;
    }

    /// <summary>
    /// Reads a HelmRelease, which is ready once its latest release is deployed from the artifact of its source. Waiting for the source is
    /// no failure.
    /// </summary>
    /// <param name="release">The HelmRelease.</param>
    /// <param name="source">Its source.</param>
    /// <param name="secrets">The values that the message must not show.</param>
    public static FluxStatus OfRelease(KubeObject release, KubeObject? source, SecretValues secrets)
    {
        var status = Of(release, secrets) with { IsUpgrade = HasBeenInstalled(release) };
        return status.State switch
        {
            FluxState.Failed when IsWaitingForSource(release) => status with { State = FluxState.Pending },
            FluxState.Failed when source is not null && IsOfEarlierChart(release, ChartArtifact.Of(source)) =>
                new FluxStatus(FluxState.Pending, NotInstalled(source)) { IsUpgrade = status.IsUpgrade },
            FluxState.Failed when IsFailedInstallation(release) => status with { IsUpgrade = false },
            FluxState.Ready when source is null || !IsDeployed(release, ChartArtifact.Of(source)) => status with
            {
                State = FluxState.Pending,
                Message = source is not null && status.IsUpgrade ? NotInstalled(source) : "",
            },
            _ => status,
        };

        string NotInstalled(KubeObject pulled) =>
            $"chart {ForeignText.Quote(ChartArtifact.Of(pulled).Revision, secrets)} is pulled and not installed yet";
    }

    /// <summary>Whether Flux reports that it does not try the present generation of an object again.</summary>
    /// <param name="fluxObject">The object.</param>
    /// <param name="updatedAt">What it reported before that is not of the update, which may not have reached the object yet.</param>
    public static bool HasStalled(KubeObject? fluxObject, DateTimeOffset? updatedAt) =>
        fluxObject?.Condition("Stalled") is { ValueKind: JsonValueKind.Object } stalled
        && stalled.Text("status") == "True"
        && !(stalled.Moment("lastTransitionTime") < updatedAt)
        && !IsOutdated(fluxObject, stalled.Number("observedGeneration"));

    private static bool IsDeployed(KubeObject release, ChartArtifact artifact)
    {
        var latest = release.Items("status", "history").FirstOrDefault();
        return latest.ValueKind == JsonValueKind.Object && latest.Text("status") == "deployed"
            && artifact.IsChartOf(
                latest, release.Text("status", "lastAttemptedRevision") ?? "", release.Text("status", "lastAttemptedRevisionDigest") ?? "");
    }

    private static bool HasBeenInstalled(KubeObject release) =>
        release.Text("status", "lastAttemptedReleaseAction") == "upgrade"
        || release.Items("status", "history").Any(snapshot => snapshot.Text("status") is "deployed" or "superseded");

    // The tests of a chart may fail after it was installed.
    private static bool IsFailedInstallation(KubeObject release) =>
        release.Text("status", "lastAttemptedReleaseAction") == "install"
        && release.ReadyCondition.Text("reason") is { } reason
        && FailedActions.Contains(reason);

    private static bool IsOfEarlierChart(KubeObject release, ChartArtifact artifact) =>
        release.ReadyCondition.Text("reason") is { } reason
        && FailedActions.Contains(reason)
        && release.Text("status", "lastAttemptedRevisionDigest") is { Length: > 0 } attempted
        && attempted != artifact.Digest;

    private static bool IsWaitingForSource(KubeObject release)
    {
        var ready = release.ReadyCondition;
        return ready.Text("reason") is { } reason
            && (WaitingForSource.Contains(reason)
                || (reason == "ArtifactFailed" && ready.Text("message") is { } message
                    && WaitingMessages.Any(beginning => message.StartsWith(beginning, StringComparison.Ordinal))));
    }

    private static bool IsOutdated(KubeObject fluxObject, long? observedGeneration) =>
        (observedGeneration ?? fluxObject.At("status")?.Number("observedGeneration") ?? fluxObject.Generation) < fluxObject.Generation;

    private static bool IsObserved(KubeObject fluxObject) =>
        fluxObject.At("status")?.Number("observedGeneration") == fluxObject.Generation;
}
