using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Kubeconfigs, from files and from Secrets.</summary>
[NonParallelizable]
public sealed class KubeconfigFuzzTests
{
    [Test]
    public void Any_kubeconfig_is_read_or_rejected()
    {
        var pki = new TestPki();
        var pair = pki.Client("someone");
        const string Server = "server: https://one.example";
        string[] corpus =
        [
            TestConnections.Config(Server, "token: abc"),
            TestConnections.Config($"{Server}, certificate-authority-data: {pki.Data}, tls-server-name: a.example"),
            TestConnections.Config(Server, $"client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}"),
            TestConnections.Config(Server, "exec: {command: a, apiVersion: client.authentication.k8s.io/v1, env: [{name: a, value: b}]}"),
            TestConnections.Config(Server + ", proxy-url: http://proxy:1", "username: a, password: b"),
        ];
        string[] pieces =
        [
            "- ", ": ", ", ", "{", "}", "[", "]", "&a ", "*a", "<<: *a", "!!binary ", "!!str ", "|\n", "---\n", "yes", "null", "010",
            "insecure-skip-tls-verify: true", "proxy-url: http://p", "exec: {command: a}", "tokenFile: /a", "token: b", "as: b", "http://", "https://",
            "current-context: it\n", "clusters:\n", "users:\n", "contexts:\n", "name: it", "cluster: it", "user: it", "certificate-authority: /a",
        ];
        Fuzzing.Run(corpus, pieces, text =>
        {
            foreach (var directory in (string?[])[null, "/nowhere"])
            {
                try
                {
                    var root = KubeconfigText.Parse(text, new ConfigOrigin("it", directory));
                    if (directory is null)
                    {
                        UntrustedFields.Check(root);
                    }

                    var settings = SettingsResolver.Resolve(new MergedConfig([root]), contextName: null);
                    Assert.That(directory is not null || IsHarmless(settings), Is.True, "accepts what a Secret must not have");
                }
                catch (KubeconfigException)
                {
                }
            }
        });
    }

    private static bool IsHarmless(ConnectionSettings settings) => settings is
    {
        Server.Scheme: "https", SkipTlsVerify: false, Proxy: null, TokenFile: null, Username: null, Password: null, Exec: null,
    };
}
