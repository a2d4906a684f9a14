using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConnectionSourcesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ConnectionSourcesTests()
    {
        _folder.Write("explicit", Config("server: https://explicit.example"));
        _folder.Write("listed", Config("server: https://listed.example"));
        _folder.Write(".kube/config", Config("server: https://home.example"));
        _folder.Write("ca.crt", new TestPki().Pem);
        _folder.Write("token", "abc");
    }

    public void Dispose() => _folder.Dispose();

    [TestCase("explicit", "listed", "pod.example", "explicit.example")]
    [TestCase("", "listed", "pod.example", "listed.example")]
    [TestCase(null, "absent:listed", "pod.example", "listed.example")]
    [TestCase(null, "", "pod.example", "pod.example")]
    [TestCase(null, null, null, "home.example")]
    public async Task The_first_place_that_is_set_counts(string? path, string? listed, string? pod, string expected)
    {
        var source = ConnectionSources.Platform(Options(path, listed, pod), TimeProvider.System, NullLoggerFactory.Instance);

        Assert.That((await source.GetAsync()).BaseUri.Host, Is.EqualTo(expected));
        ((IDisposable)source).Dispose();
    }

    [Test]
    public void Without_any_kubeconfig_the_message_says_what_to_set()
    {
        File.Delete(_folder[".kube/config"]);

        Assert.That(
            () => ConnectionSources.Platform(Options(null, null, null), TimeProvider.System, NullLoggerFactory.Instance),
            Throws.TypeOf<KubeconfigException>().With.Message.Contains("--kubeconfig").And.Message.Contains("KUBECONFIG"));
    }

    private ConnectionOptions Options(string? path, string? listed, string? pod) => new()
    {
        KubeconfigPath = string.IsNullOrEmpty(path) ? path : _folder[path],
        ServiceAccountDirectory = _folder.Root,
        Environment = name => name switch
        {
            "KUBECONFIG" when listed is not null =>
                string.Join(Path.PathSeparator, listed.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(file => _folder[file])),
            "KUBERNETES_SERVICE_HOST" => pod,
            "KUBERNETES_SERVICE_PORT" => pod is null ? null : "443",
            "HOME" => _folder.Root,
            _ => null,
        },
    };
}
