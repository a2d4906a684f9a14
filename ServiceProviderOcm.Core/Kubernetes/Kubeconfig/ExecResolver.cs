using System.Text;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Reads a user's <c>exec</c>.</summary>
/// <remarks>https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins</remarks>
internal static class ExecResolver
{
    private const string ExtensionName = "client.authentication.k8s.io/exec";

    public static ExecSettings Resolve(ConfigNode exec, ConfigNode cluster, ConnectionSettings server)
    {
        var apiVersion = exec.RequiredText("apiVersion");
        if (apiVersion is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
        {
            throw exec.Field("apiVersion").Error("must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
        }

        CheckInteractiveMode(exec);
        return new ExecSettings
        {
            Field = $"{exec.Origin.Name}: {exec.Path}",
            ApiVersion = apiVersion,
            Command = Command(exec),
            Arguments = [.. exec.Items("args").Select(argument => argument.IsEmpty ? "" : argument.AsText())],
            Environment = [.. exec.Items("env").Select(Variable)],
            Info = Info(apiVersion, exec.Flag("provideClusterInfo") ? ClusterInfo(cluster, server) : null),
            InstallHint = exec.Text("installHint"),
        };
    }

    private static void CheckInteractiveMode(ConfigNode exec)
    {
        switch (exec.Text("interactiveMode"))
        {
            case null or "Never" or "IfAvailable":
                return;
            case "Always":
                throw exec.Field("interactiveMode").Error("is Always, but there is no terminal; use a plugin that is not interactive");
            default:
                throw exec.Field("interactiveMode").Error("must be Never, IfAvailable or Always");
        }
    }

    private static string Command(ConfigNode exec)
    {
        var command = exec.RequiredText("command");
        return exec.Origin.Directory is { } directory && Path.GetFileName(command) != command
            ? Path.GetFullPath(command, directory)
            : command;
    }

    private static KeyValuePair<string, string> Variable(ConfigNode variable)
    {
        var name = variable.RequiredText("name");
        return name.AsSpan().ContainsAny('=', '\0')
            ? throw variable.Field("name").Error("cannot be the name of an environment variable")
            : KeyValuePair.Create(name, variable.Text("value") ?? "");
    }

    private static string Info(string apiVersion, JsonObject? cluster)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (cluster is not null)
        {
            spec["cluster"] = cluster;
        }

        return new JsonObject { ["kind"] = "ExecCredential", ["apiVersion"] = apiVersion, ["spec"] = spec }.ToJsonString();
    }

    private static JsonObject ClusterInfo(ConfigNode cluster, ConnectionSettings server)
    {
        var extension = cluster.Items("extensions").FirstOrDefault(entry => entry.Text("name") == ExtensionName)?.Field("extension");
        var info = new JsonObject { ["server"] = cluster.RequiredText("server") };
        Add(info, "tls-server-name", server.TlsServerName);
        Add(info, "insecure-skip-tls-verify", server.SkipTlsVerify ? true : null);
        Add(info, "certificate-authority-data", server.CertificateAuthorityPem is { } pem ? Base64(pem) : null);
        Add(info, "proxy-url", server.Proxy?.OriginalString);
        Add(info, "config", extension?.Json?.DeepClone());
        return info;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void Add(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }
}
