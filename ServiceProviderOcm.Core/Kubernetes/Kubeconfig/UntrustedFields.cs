using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// The fields that a kubeconfig from a Secret may have. The writer of the Secret must not be able to run commands, read files of
/// this process, redirect it through a proxy or disable TLS, so all but a few fields are rejected.
/// </summary>
internal static class UntrustedFields
{
    private static readonly HashSet<string> Cluster = ["server", "certificate-authority-data", "tls-server-name"];
    private static readonly HashSet<string> User = ["token", "client-certificate-data", "client-key-data"];
    private static readonly HashSet<string> Context = ["cluster", "user", "namespace"];

    public static void Check(ConfigNode root)
    {
        foreach (var (name, field) in root.Fields)
        {
            if (name is not ("apiVersion" or "kind" or "clusters" or "users" or "contexts" or "current-context"))
            {
                throw NotAllowed(field);
            }
        }

        CheckEntries(root, "clusters", "cluster", CheckCluster);
        CheckEntries(root, "users", "user", user => CheckFields(user, User));
        CheckEntries(root, "contexts", "context", context => CheckFields(context, Context));
    }

    private static void CheckEntries(ConfigNode root, string list, string content, Action<ConfigNode> check)
    {
        foreach (var entry in root.Items(list))
        {
            CheckFields(entry, ["name", content]);
            check(entry.Field(content));
        }
    }

    private static void CheckCluster(ConfigNode cluster)
    {
        foreach (var (name, field) in cluster.Fields)
        {
            var harmless = Cluster.Contains(name) || (name == "insecure-skip-tls-verify" && !field.AsFlag());
            if (!harmless)
            {
                throw NotAllowed(field);
            }
        }

        if (cluster.Text("server") is { } server && !server.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw cluster.Field("server").Error("must start with https://");
        }

        if (cluster.Text("server") is { } url
            && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0))
        {
            throw cluster.Field("server").Error("must be a URL without user, query and fragment");
        }
    }

    private static void CheckFields(ConfigNode node, HashSet<string> allowed)
    {
        foreach (var (name, field) in node.Fields)
        {
            if (!allowed.Contains(name))
            {
                throw NotAllowed(field);
            }
        }
    }

    private static KubeconfigException NotAllowed(ConfigNode field) =>
        field.Error("is not allowed in a kubeconfig from a Secret; use embedded certificates or a token");
}
