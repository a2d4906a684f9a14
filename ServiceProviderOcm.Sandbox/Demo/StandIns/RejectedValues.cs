using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>A Helm value that an API server rejects, so that a bad configuration can be shown.</summary>
public static class RejectedValues
{
    /// <summary>What Flux reports.</summary>
    public const string Message =
        "Helm upgrade failed: Deployment.apps \"ocm-k8s-toolkit\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0";

    /// <summary>Whether a HelmRelease has it: a negative number of replicas.</summary>
    public static bool AreIn(KubeObject release) =>
        release.At("spec", "values", "manager", "replicas") is { ValueKind: System.Text.Json.JsonValueKind.Number } replicas
        && replicas.GetDouble() < 0;
}
