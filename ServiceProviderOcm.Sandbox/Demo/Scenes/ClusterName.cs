using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Sandbox.Demo.Clusters;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A cluster, by the name of its kubeconfig.</summary>
internal sealed record ClusterName(string Name, Func<ClusterApis, IKubernetesApi> ApiIn)
{
    public static readonly ClusterName Platform = new("platform", clusters => clusters.Platform);

    public static readonly ClusterName Onboarding = new("onboarding", clusters => clusters.Onboarding);

    public static readonly ClusterName ControlPlane = new("mcp", clusters => clusters.ControlPlane);
}
