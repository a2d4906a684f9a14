using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubeconfigSecretSourceTests : IDisposable
{
    private const string Anywhere = "server: https://one.example";

    private readonly KubeconfigSecretSource _source = new("Secret a/b", ClientOptions.Connection);

    public void Dispose() => _source.Dispose();

    [Test]
    public async Task Certificates_and_tokens_are_used()
    {
        var pki = new TestPki();
        var pair = pki.Client("someone");
        using var server = new TestServer(pki.Server());
        _source.Update(Config(
            $"server: '{server.Url}', certificate-authority-data: {pki.Data}",
            $"token: abc, client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}"));

        Assert.That(await _source.AskAsync(), Is.EqualTo(200));
        Assert.That((server.Last.Authorization, server.Last.ClientSubject), Is.EqualTo(("Bearer abc", "CN=someone")));
    }

    [Test]
    public void Without_a_kubeconfig_there_is_no_connection() =>
        Assert.That(
            () => _source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.EqualTo("Secret a/b: no kubeconfig has arrived yet"));

    [Test]
    public async Task The_same_kubeconfig_keeps_the_connection()
    {
        _source.Update(Config(Anywhere, "token: abc"));
        var connection = await _source.GetAsync();

        _source.Update(Config(Anywhere, "token: abc"));

        Assert.That(await _source.GetAsync(), Is.SameAs(connection));
        Assert.That(connection.Superseded.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Renewed_kubeconfigs_leave_at_most_one_superseded_connection_open()
    {
        var open = new UseCount();
        using var source = new KubeconfigSecretSource("Secret a/b", ClientOptions.Connection with { Open = open });
        List<int> counts = [];
        foreach (var token in (string[])["a", "b", "c", "d"])
        {
            source.Update(Config(Anywhere, $"token: {token}"));
            counts.Add(open.Count);
        }

        source.Dispose();

        Assert.That(counts, Is.EqualTo([1, 2, 2, 2]));
        Assert.That(open.Count, Is.Zero);
    }

    [Test]
    public async Task Another_kubeconfig_supersedes_the_connection()
    {
        _source.Update(Config(Anywhere, "token: abc"));
        var old = await _source.GetAsync();

        _source.Update(Config(Anywhere, "token: def"));

        Assert.That(await _source.GetAsync(), Is.Not.SameAs(old));
        Assert.That(old.Superseded.IsCancellationRequested);
    }

    [Test]
    public async Task An_invalid_kubeconfig_keeps_the_connection()
    {
        _source.Update(Config(Anywhere));
        var connection = await _source.GetAsync();

        Assert.That(() => _source.Update("no kubeconfig"), Throws.TypeOf<KubeconfigException>());
        Assert.That(await _source.GetAsync(), Is.SameAs(connection));
        Assert.That(connection.Superseded.IsCancellationRequested, Is.False);
    }

    [TestCase(Anywhere, "insecure-skip-tls-verify: false, proxy-url: '', tls-server-name: null", "")]
    [TestCase(Anywhere, "", "exec: null, tokenFile: '', username: ~, as-groups: [], auth-provider: {}")]
    public void Empty_fields_are_harmless(string server, string cluster, string user) =>
        Assert.That(() => _source.Update(Config($"{server}, {cluster}", user)), Throws.Nothing);

    [TestCase("exec: { command: hidden, apiVersion: client.authentication.k8s.io/v1 }", "users[it].user.exec")]
    [TestCase("tokenFile: /hidden", "users[it].user.tokenFile")]
    [TestCase("client-certificate: /hidden", "users[it].user.client-certificate")]
    [TestCase("client-key: /hidden", "users[it].user.client-key")]
    [TestCase("auth-provider: { name: hidden }", "users[it].user.auth-provider")]
    [TestCase("username: hidden", "users[it].user.username")]
    [TestCase("password: hidden", "users[it].user.password")]
    [TestCase("as: hidden", "users[it].user.as")]
    [TestCase("as-uid: hidden", "users[it].user.as-uid")]
    [TestCase("extensions: [{ name: hidden }]", "users[it].user.extensions")]
    [TestCase("Exec: hidden", "users[it].user.Exec")]
    [TestCase("\"odd\\nname\": hidden", "users[it].user.?")]
    public void Only_harmless_fields_of_users_are_allowed(string user, string field) => Refuses(Config(Anywhere, user), field);

    [TestCase("certificate-authority: /hidden", "clusters[it].cluster.certificate-authority")]
    [TestCase("insecure-skip-tls-verify: true", "clusters[it].cluster.insecure-skip-tls-verify")]
    [TestCase("insecure-skip-tls-verify: 'false'", "clusters[it].cluster.insecure-skip-tls-verify")]
    [TestCase("proxy-url: http://hidden", "clusters[it].cluster.proxy-url")]
    [TestCase("disable-compression: true", "clusters[it].cluster.disable-compression")]
    [TestCase("extensions: [{ name: hidden }]", "clusters[it].cluster.extensions")]
    public void Only_harmless_fields_of_clusters_are_allowed(string cluster, string field) => Refuses(Config($"{Anywhere}, {cluster}"), field);

    [TestCase("server: http://hidden.example", "clusters[it].cluster.server")]
    [TestCase("server: file:///hidden", "clusters[it].cluster.server")]
    [TestCase("server: https://", "clusters[it].cluster.server")]
    [TestCase("server: [https://hidden.example]", "clusters[it].cluster.server")]
    public void Only_https_servers_are_allowed(string cluster, string field) => Refuses(Config(cluster), field);

    [TestCase("preferences: { colors: true }", "preferences")]
    [TestCase("extensions: [{ name: hidden }]", "extensions")]
    [TestCase("hidden-things: 1", "hidden-things")]
    public void Unknown_fields_are_not_allowed(string line, string field) =>
        Assert.That(
            () => _source.Update(line + "\n" + Config(Anywhere).Replace("preferences: {}", "", StringComparison.Ordinal)),
            Throws.TypeOf<KubeconfigException>().With.Message.StartsWith($"Secret a/b: {field} is not allowed"));

    [Test]
    public void Entries_that_no_context_uses_are_checked_too() => Refuses(
        Config(Anywhere).Replace("users:", "users:\n- { name: other, user: { exec: { command: hidden } } }", StringComparison.Ordinal),
        "users[other].user.exec");

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("text")]
    [TestCase("{}")]
    [TestCase("\0\u0001")]
    [TestCase("- - - -")]
    [TestCase("a: b: c")]
    [TestCase("a: 1\n---\na: 1")]
    [TestCase("a: 1\na: 1")]
    [TestCase("%YAML 9.9\n---\na: 1")]
    [TestCase("a: &x [1]\nb: *x")]
    [TestCase("? [a]\n: b")]
    [TestCase("clusters: text\ncurrent-context: a")]
    [TestCase("contexts: [text]\ncurrent-context: a")]
    [TestCase("contexts: [{ name: [a], context: {} }]\ncurrent-context: a")]
    [TestCase("contexts: [{ name: a, context: text }]\ncurrent-context: a")]
    [TestCase("contexts: [{ name: a, context: { cluster: c } }]\ncurrent-context: a")]
    [TestCase("current-context: { a: b }")]
    public void A_malformed_kubeconfig_is_rejected(string text) =>
        Assert.That(() => _source.Update(text), Throws.TypeOf<KubeconfigException>().With.Message.StartsWith("Secret a/b: "));

    [TestCase("[", 1_000_000)]
    [TestCase("{a: ", 250_000)]
    [TestCase("- ", 500_000)]
    [TestCase("a: b\n", 400_000)]
    public void Deep_and_large_kubeconfigs_are_rejected(string piece, int count) =>
        Assert.That(() => _source.Update(string.Concat(Enumerable.Repeat(piece, count))), Throws.TypeOf<KubeconfigException>());

    [Test]
    public void Aliases_do_not_multiply() => Assert.That(
        () => _source.Update("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nusers: *c"), Throws.TypeOf<KubeconfigException>());

    [Test]
    public void A_damaged_kubeconfig_never_causes_an_unexpected_exception()
    {
        var good = Config(Anywhere, "token: abc");
        var damages =
            from at in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, 20)
            from insert in Gen.Elements("", "\t", "\n", "{", "}", "[", "]", ":", "- ", "&a", "*a", "!!binary ", "|", ">", "\"", "'", "%", "@", "\0", "\ud800", "#", "? ", "!<", "\u0085")
            select good.Remove(at, Math.Min(length, good.Length - at)).Insert(at, insert);

        Prop.ForAll(damages.ToArbitrary(), text =>
        {
            try
            {
                _source.Update(text);
            }
            catch (KubeconfigException)
            {
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private void Refuses(string kubeconfig, string field) =>
        Assert.That(() => _source.Update(kubeconfig), Throws.TypeOf<KubeconfigException>()
            .With.Message.StartsWith($"Secret a/b: {field} ")
            .And.Message.Not.Contains("hidden")
            .And.Property(nameof(Exception.InnerException)).Null);
}
