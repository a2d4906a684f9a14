namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>kube-controller-manager, which reports a Deployment's status; no kubelet runs pods.</summary>
public static class ControllerManagerPeer
{
    /// <summary>Starts it.</summary>
    /// <param name="binaries">Where it is.</param>
    /// <param name="kubeconfig">A kubeconfig of the cluster, with all permissions.</param>
    /// <param name="folder">A folder for its log.</param>
    public static PeerProcess Start(PeerBinaries binaries, string kubeconfig, string folder) => PeerProcess.Start(
        binaries,
        Peer.ControllerManager,
        folder,
        new Dictionary<string, string>(),
        $"--kubeconfig={kubeconfig}",
        "--leader-elect=false",
        "--use-service-account-credentials=false",
        "--controllers=deployment,replicaset,namespace,garbagecollector",
        "--secure-port=0");
}
