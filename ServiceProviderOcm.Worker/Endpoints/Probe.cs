namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>What Kubernetes asks a container.</summary>
public enum Probe
{
    /// <summary><c>/healthz</c>: whether the process works; if not, a restart is the cure.</summary>
    Liveness,

    /// <summary><c>/readyz</c>: whether it can do its work, or stands by to.</summary>
    Readiness,
}
