using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>How far the steps on a control plane are, which are applied apart from the other steps of a plan.</summary>
public abstract record ControlPlaneProgress
{
    /// <summary>There are none.</summary>
    public static readonly ControlPlaneProgress Done = new Finished();

    /// <summary>They wait for their turn, or are being applied.</summary>
    public static readonly ControlPlaneProgress Pending = new Waiting();

    private ControlPlaneProgress()
    {
    }

    /// <summary>A step failed; it is retried with back-off.</summary>
    public sealed record Failed(PlanStep Step, KubernetesApiException Error) : ControlPlaneProgress;

    /// <summary>A step was applied again and again, and is still needed.</summary>
    public sealed record Contested(PlanStep Step) : ControlPlaneProgress;

    private sealed record Finished : ControlPlaneProgress;

    private sealed record Waiting : ControlPlaneProgress;
}
