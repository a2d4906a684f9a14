namespace ServiceProviderOcm.Tests.Servers;

/// <summary>What it takes to start one cluster's API server, again and again on the same port.</summary>
/// <param name="Name">The cluster's name and its prefix in etcd.</param>
/// <param name="Program">Path of kube-apiserver.</param>
/// <param name="EtcdUrl">Where etcd listens.</param>
/// <param name="Port">The port to serve on.</param>
/// <param name="Folder">The cluster's own folder.</param>
/// <param name="Keys">Its keys and certificates.</param>
/// <param name="Users">Its users.</param>
public sealed record ApiServerSettings(
    string Name, string Program, Uri EtcdUrl, int Port, string Folder, ServerKeys Keys, IReadOnlyList<ServerUser> Users)
{
    /// <summary>The server's log.</summary>
    public string LogFile => InFolder("kube-apiserver.log");

    /// <summary>The audit log.</summary>
    public string AuditFile => InFolder("audit.log");

    /// <summary>Writes the files that the command line names.</summary>
    public void WriteFiles()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(InFolder("serving.crt"), Keys.Certificate);
        File.WriteAllText(InFolder("serving.key"), Keys.CertificateKey);
        File.WriteAllText(InFolder("users.crt"), Keys.Users.Pem);
        File.WriteAllText(InFolder("service-account.key"), Keys.ServiceAccountKey);
        File.WriteAllText(InFolder("audit-policy.yaml"), AuditLogFile.Policy);
        File.WriteAllLines(
            InFolder("tokens.csv"),
            Users.Select(user => $"{user.Token},{user.Name},{user.Name},\"{string.Join(',', user.Groups)}\""));
    }

    /// <summary>The command line, good for Kubernetes 1.20 and later.</summary>
    public IEnumerable<string> CommandLine() =>
    [
        .. RealServers.LessCollection,
        Program,
        $"--etcd-servers={EtcdUrl.GetLeftPart(UriPartial.Authority)}",
        $"--etcd-prefix=/{Name}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        $"--secure-port={Port}",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.0.0.0/24",
        $"--tls-cert-file={InFolder("serving.crt")}",
        $"--tls-private-key-file={InFolder("serving.key")}",
        "--service-account-issuer=https://127.0.0.1",
        $"--service-account-key-file={InFolder("service-account.key")}",
        $"--service-account-signing-key-file={InFolder("service-account.key")}",
        $"--client-ca-file={InFolder("users.crt")}",
        $"--token-auth-file={InFolder("tokens.csv")}",
        "--authorization-mode=RBAC",
        "--disable-admission-plugins=ServiceAccount",
        $"--audit-policy-file={InFolder("audit-policy.yaml")}",
        $"--audit-log-path={AuditFile}",
        "--audit-log-maxsize=4096",
        "--profiling=false",
    ];

    private string InFolder(string file) => Path.Combine(Folder, file);
}
