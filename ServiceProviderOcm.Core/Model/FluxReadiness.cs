using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What Flux says of one of its objects.</summary>
/// <param name="Phase">Ready, Progressing or Terminating.</param>
/// <param name="Message">Flux's own words while it is not Ready; empty if it has none.</param>
/// <param name="HasFailed">Flux has tried and failed, rather than being on its way.</param>
public sealed record FluxReadiness(Phase Phase, string Message, bool HasFailed)
{
    /// <summary>Reads the Ready condition. One that speaks of an earlier generation does not count.</summary>
    public static FluxReadiness Of(KubeObject fluxObject)
    {
        var ready = fluxObject.ReadyCondition;
        var status = ready.Text("status");
        var message = ready.Text("message") ?? "";
        if (fluxObject.IsBeingDeleted)
        {
            return new FluxReadiness(Phase.Terminating, status == "False" ? message : "", HasFailed: status == "False");
        }

        if (status is null || IsOutdated(fluxObject, ready.Number("observedGeneration")))
        {
            return new FluxReadiness(Phase.Progressing, "", HasFailed: false);
        }

        return status == "True"
            ? new FluxReadiness(Phase.Ready, "", HasFailed: false)
            : new FluxReadiness(Phase.Progressing, message, HasFailed: status == "False");
    }

    /// <summary>Reads a HelmRelease, which is not ready either while it is still of another chart than its source has by now.</summary>
    public static FluxReadiness OfRelease(KubeObject release, KubeObject? source)
    {
        var readiness = Of(release);
        var revision = source?.Json.Text("status", "artifact", "revision") ?? "";
        var isBehind = release.Json.Text("status", "lastAttemptedRevisionDigest") is { Length: > 0 } attempted
            && revision.Contains('@', StringComparison.Ordinal)
            && !revision.EndsWith($"@{attempted}", StringComparison.Ordinal);
        return readiness.Phase == Phase.Ready && isBehind
            ? new FluxReadiness(Phase.Progressing, $"the chart is at {revision}, the release not yet", HasFailed: false)
            : readiness;
    }

    private static bool IsOutdated(KubeObject fluxObject, long? observedGeneration) =>
        (observedGeneration ?? fluxObject.Json.Number("status", "observedGeneration") ?? fluxObject.Generation) < fluxObject.Generation;
}
