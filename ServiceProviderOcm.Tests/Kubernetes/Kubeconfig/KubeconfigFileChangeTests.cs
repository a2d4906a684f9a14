using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

/// <summary>What happens to a connection when its kubeconfig or a file that it names changes.</summary>
public sealed class KubeconfigFileChangeTests : KubeconfigFileFixture
{
    [Test]
    public async Task Unchanged_settings_keep_the_connection()
    {
        using var source = Source(Config(Anywhere));
        var connection = await source.GetAsync();

        Folder.Write("config", "# a comment\n" + Config(Anywhere));
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await source.GetAsync(), Is.SameAs(connection));
    }

    [TestCase("server: https://two.example", "")]
    [TestCase(Anywhere, "token: new")]
    [TestCase(Anywhere, "username: new, password: new")]
    [TestCase(Anywhere + ", insecure-skip-tls-verify: true", "")]
    public async Task Changed_settings_supersede_the_connection_after_a_second(string cluster, string user)
    {
        using var source = Source(Config(Anywhere));
        var old = await source.GetAsync();

        Folder.Write("config", Config(cluster, user));
        var atOnce = await source.GetAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        var later = await source.GetAsync();

        Assert.That(atOnce, Is.SameAs(old));
        Assert.That(later, Is.Not.SameAs(old));
        Assert.That(old.Superseded.IsCancellationRequested);
        Assert.That(later.Superseded.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task A_renewed_authority_file_supersedes_the_connection_and_requests_in_flight_may_finish()
    {
        var file = Folder.Write("ca.pem", Pki.Pem);
        using var source = Source(Config($"server: '{Server.Url}', certificate-authority: ca.pem"));
        var old = await source.GetAsync();

        File.WriteAllText(file, Pki.Pem + "\n" + new TestPki("next").Pem);
        Time.Advance(TimeSpan.FromSeconds(1));
        await source.AskAsync();

        Assert.That(old.Superseded.IsCancellationRequested);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(old.BaseUri, "version"));
        using var response = await old.SendAsync(request, CancellationToken.None);
        Assert.That(response.IsSuccessStatusCode);
    }

    [Test]
    public async Task An_invalid_change_keeps_the_connection_and_is_logged_once()
    {
        using var source = Source(Config(Anywhere));
        var connection = await source.GetAsync();

        foreach (var text in new[] { "clusters: [", "clusters: [", "" })
        {
            Folder.Write("config", text);
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.That(await source.GetAsync(), Is.SameAs(connection));
        }

        Assert.That(Logger.Lines, Has.Count.EqualTo(2).And.All.StartsWith("Warning: "));
    }

    [Test]
    public async Task An_unusable_kubeconfig_may_become_usable()
    {
        using var source = Source("clusters: [");
        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains("malformed YAML at line"));
        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>());

        Folder.Write("config", Config(Anywhere));
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await source.GetAsync()).BaseUri.Host, Is.EqualTo("one.example"));
        Assert.That(Logger.Lines, Is.Empty);
    }
}
