namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>A probe of a container.</summary>
public enum Probe
{
    /// <summary><c>/healthz</c>: whether the process works; otherwise Kubernetes restarts it.</summary>
    Liveness,

    /// <summary><c>/readyz</c>: whether it can reconcile, or is a standby replica.</summary>
    Readiness,
}
