namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>The programs that the provider works with, by their file names.</summary>
public static class Peer
{
    /// <summary>Flux's source-controller.</summary>
    public const string SourceController = "source-controller";

    /// <summary>Flux's helm-controller.</summary>
    public const string HelmController = "helm-controller";

    /// <summary>Kubernetes' kube-controller-manager.</summary>
    public const string ControllerManager = "kube-controller-manager";

    /// <summary>The OCI registry of the distribution project.</summary>
    public const string Registry = "docker-registry";

    /// <summary>The Go provider.</summary>
    public const string GoProvider = "service-provider-ocm";

    /// <summary>openmcp-operator.</summary>
    public const string Operator = "openmcp-operator";
}
