using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What Flux reports of one of its objects.</summary>
/// <param name="State">The state of the object.</param>
/// <param name="Message">The message of the Ready condition while it is not True, as messages quote it; empty if there is none.</param>
public sealed record FluxStatus(FluxState State, string Message)
{
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
            return hasFailed ? new FluxStatus(FluxState.TerminationFailed, Message()) : new FluxStatus(FluxState.Terminating, "");
        }

        return ready.Text("status") is not { } status || IsOutdated(fluxObject, ready.Number("observedGeneration"))
            ? new FluxStatus(FluxState.Pending, "")
            : status == "True" ? new FluxStatus(FluxState.Ready, "")
            : new FluxStatus(hasFailed ? FluxState.Failed : FluxState.Pending, Message());

        string Message() => ForeignText.Quote(ready.Text("message"), secrets);
    }

    /// <summary>Reads a HelmRelease, which is not ready either while its source has another chart than the one installed.</summary>
    /// <param name="release">The HelmRelease.</param>
    /// <param name="source">Its source.</param>
    /// <param name="secrets">The values that the message must not show.</param>
    public static FluxStatus OfRelease(KubeObject release, KubeObject? source, SecretValues secrets)
    {
        var status = Of(release, secrets);
        var revision = source?.Json.Text("status", "artifact", "revision") ?? "";
        var isBehind = release.Text("status", "lastAttemptedRevisionDigest") is { Length: > 0 } attempted
            && revision.Contains('@', StringComparison.Ordinal)
            && !revision.EndsWith($"@{attempted}", StringComparison.Ordinal);
        return status.State == FluxState.Ready && isBehind
            ? new FluxStatus(FluxState.Upgrading, $"chart {ForeignText.Quote(revision, secrets)} is pulled and not installed yet")
            : status;
    }

    private static bool IsOutdated(KubeObject fluxObject, long? observedGeneration) =>
        (observedGeneration ?? fluxObject.At("status")?.Number("observedGeneration") ?? fluxObject.Generation) < fluxObject.Generation;
}
