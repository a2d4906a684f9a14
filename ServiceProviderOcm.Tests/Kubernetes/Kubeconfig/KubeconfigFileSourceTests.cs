using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Http;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

public sealed class KubeconfigFileSourceTests : KubeconfigFileFixture
{
    private string Trusted => $"server: '{Server.Url}', certificate-authority-data: {Pki.Data}";

    [Test]
    public async Task An_embedded_authority_is_trusted()
    {
        using var source = Source(Config(Trusted));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
        Assert.That(Server.Last.Line, Is.EqualTo("GET /version HTTP/1.1"));
    }

    [Test]
    public async Task An_authority_file_may_hold_several_certificates()
    {
        Folder.Write("pki/ca.pem", new TestPki("another").Pem + "\n" + Pki.Pem);
        using var source = Source(Config($"server: '{Server.Url}', certificate-authority: pki/ca.pem"));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
    }

    [Test]
    public void Another_authority_is_not_trusted()
    {
        using var source = Source(Config($"server: '{Server.Url}', certificate-authority-data: {new TestPki("another").Data}"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public void Without_an_authority_those_of_the_system_are_trusted()
    {
        using var source = Source(Config($"server: '{Server.Url}'"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public void A_certificate_for_another_name_is_rejected()
    {
        using var server = new TestServer(Pki.Server("api.example"));
        using var source = Source(Config($"server: '{server.Url}', certificate-authority-data: {Pki.Data}"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public void A_client_certificate_is_not_accepted_from_a_server()
    {
        using var server = new TestServer(Pki.Server(usage: TestPki.ForClients));
        using var source = Source(Config($"server: '{server.Url}', certificate-authority-data: {Pki.Data}"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task Tls_server_name_is_asked_for_and_verified()
    {
        using var server = new TestServer(Pki.Server("api.example"));
        using var source = Source(Config($"server: '{server.Url}', certificate-authority-data: {Pki.Data}, tls-server-name: api.example"));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
        Assert.That(server.Last.AskedName, Is.EqualTo("api.example"));
        Assert.That(server.Last.Headers["Host"], Is.EqualTo($"127.0.0.1:{server.Port}"));
    }

    [Test]
    public void Another_name_than_tls_server_name_is_not_accepted()
    {
        using var server = new TestServer(Pki.Server("api.example"));
        using var source = Source(Config($"server: '{server.Url}', certificate-authority-data: {Pki.Data}, tls-server-name: other.example"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task A_client_certificate_is_presented_under_a_tls_server_name()
    {
        var pair = Pki.Client("someone");
        using var server = new TestServer(Pki.Server("api.example"));
        using var source = Source(Config(
            $"server: '{server.Url}', certificate-authority-data: {Pki.Data}, tls-server-name: api.example",
            $"client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}"));

        Assert.That((await source.AskAsync(), server.Last.ClientSubject), Is.EqualTo((200, "CN=someone")));
    }

    [Test]
    public async Task Requests_say_whom_they_impersonate()
    {
        using var source = Source(Config(Trusted, "token: abc, as: jürgen, as-uid: '1', as-groups: [one], as-user-extra: { Scope/a: [x] }"));

        await source.AskAsync();

        var headers = Server.Last.Headers;
        Assert.That(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(headers["Impersonate-User"])), Is.EqualTo("jürgen").Or.EqualTo("j??rgen"));
        Assert.That(
            (headers["Impersonate-Uid"], headers["Impersonate-Group"], headers["Impersonate-Extra-Scope%2Fa"], Server.Last.Authorization),
            Is.EqualTo(("1", "one", "x", "Bearer abc")));
    }

    [Test]
    public async Task Credentials_in_the_URL_are_sent_and_not_shown()
    {
        using var source = Source(Config(Trusted.Replace("https://", "https://me:p%40ss@", StringComparison.Ordinal), "token: abc"));

        await source.AskAsync();

        Assert.That(Server.Last.Authorization, Is.EqualTo("Basic bWU6cEBzcw=="));
        Assert.That((await source.GetAsync()).BaseUri.AbsoluteUri, Does.Not.Contain("me"));
    }

    [Test]
    public async Task Insecure_skips_verification()
    {
        using var source = Source(Config($"server: '{Server.Url}', insecure-skip-tls-verify: true"));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
    }

    [Test]
    public async Task A_client_certificate_is_presented([Values] bool inFiles)
    {
        var pair = Pki.Client("someone");
        Folder.Write("pki/tls.crt", pair.CertificatePem);
        Folder.Write("pki/tls.key", pair.KeyPem);
        using var source = Source(Config(Trusted, inFiles
            ? "client-certificate: pki/tls.crt, client-key: pki/tls.key"
            : $"client-certificate-data: {pair.CertificateData}, client-key-data: {pair.KeyData}"));

        await source.AskAsync();

        Assert.That(Server.Last.ClientSubject, Is.EqualTo("CN=someone"));
    }

    [TestCase("", null)]
    [TestCase("token: abc", "Bearer abc")]
    [TestCase("username: me, password: secret", "Basic bWU6c2VjcmV0")]
    public async Task Credentials_of_users_are_sent(string user, string? expected)
    {
        using var source = Source(Config(Trusted, user));

        await source.AskAsync();

        Assert.That(Server.Last.Authorization, Is.EqualTo(expected));
    }

    [Test]
    public async Task Requests_carry_the_user_agent()
    {
        using var source = Source(Config(Trusted));

        await source.AskAsync();

        Assert.That(Server.Last.Headers["User-Agent"], Does.Match(@"^service-provider-ocm/\d+\.\d+"));
    }

    [Test]
    public async Task A_token_file_is_read_again_after_ten_seconds_on_the_same_connection()
    {
        var file = Folder.Write("token", "first\n");
        using var source = Source(Config(Trusted, "tokenFile: token, token: unused"));
        var connection = await source.GetAsync();

        await source.AskAsync();
        File.WriteAllText(file, "second\n");
        Time.Advance(TimeSpan.FromSeconds(9));
        await source.AskAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await source.AskAsync();
        File.Delete(file);
        Time.Advance(TimeSpan.FromSeconds(10));
        await source.AskAsync();

        Assert.That(
            string.Join(", ", Server.Requests.Select(request => request.Authorization)),
            Is.EqualTo("Bearer first, Bearer first, Bearer second, Bearer second"));
        Assert.That(await source.GetAsync(), Is.SameAs(connection));
    }

    [Test]
    public async Task A_rejected_token_file_is_read_again_at_once()
    {
        var file = Folder.Write("token", "first");
        using var source = Source(Config(Trusted, "tokenFile: token"));
        Server.Status = "401 Unauthorized";
        await source.AskAsync();
        File.WriteAllText(file, "second");

        await source.AskAsync();

        Assert.That(Server.Last.Authorization, Is.EqualTo("Bearer second"));
    }

    [Test]
    public void A_missing_token_file_is_named()
    {
        using var source = Source(Config(Trusted, "tokenFile: absent"));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains(Folder["absent"]));
    }

    [Test]
    public async Task A_proxy_is_used_with_its_credentials()
    {
        using var proxy = new TestProxy(Server.Port);
        using var source = Source(Config($"{Trusted}, proxy-url: 'http://me:pass%20word@{proxy.Address}'"));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
        Assert.That(proxy.Lines, Is.EqualTo(new[] { $"CONNECT 127.0.0.1:{Server.Port} HTTP/1.1 Basic {TestPki.Base64("me:pass word")}" }));
    }

    [Test]
    public async Task Handlers_wrap_each_request()
    {
        var seen = new List<string>();
        var options = ClientOptions.Connection with { Handlers = [() => new NotingHandler("outer", seen), () => new NotingHandler("inner", seen)] };
        using var source = Source(Config(Trusted), options);

        await source.AskAsync();

        Assert.That(string.Join(", ", seen), Is.EqualTo("outer, inner"));
    }

    [Test]
    public async Task Redirects_are_not_followed()
    {
        using var source = Source(Config(Trusted, "token: abc"));
        Server.Status = $"302 Found\r\nLocation: {Server.Url}/elsewhere";

        Assert.That(await source.AskAsync(), Is.EqualTo(302));
    }

    [TestCase("https://one.example", "https://one.example/")]
    [TestCase("https://one.example/k8s/clusters/c1", "https://one.example/k8s/clusters/c1/")]
    [TestCase("https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    [TestCase("http://localhost:8001", "http://localhost:8001/")]
    public async Task The_base_has_a_trailing_slash(string server, string expected)
    {
        using var source = Source(Config($"server: '{server}'"));

        Assert.That((await source.GetAsync()).BaseUri.AbsoluteUri, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_kubeconfig_may_be_JSON()
    {
        using var source = Source("""
            { "apiVersion": "v1", "kind": "Config", "current-context": "a",
              "clusters": [ { "name": "a", "cluster": { "server": "https:\/\/one.example" } } ],
              "contexts": [ { "name": "a", "context": { "cluster": "a" } } ], "users": null }
            """);

        Assert.That((await source.GetAsync()).BaseUri.Host, Is.EqualTo("one.example"));
    }

    [TestCase("Prod", "https://upper.example/")]
    [TestCase("prod", "https://lower.example/")]
    public async Task Context_names_are_case_sensitive(string context, string expected)
    {
        var upper = Folder.Write("upper", Config("server: https://upper.example", name: "Prod"));
        var lower = Folder.Write("lower", Config("server: https://lower.example", name: "prod"));
        using var source = new KubeconfigFileSource([upper, lower], ClientOptions.Connection with { Context = context }, Time, Logger);

        Assert.That((await source.GetAsync()).BaseUri.AbsoluteUri, Is.EqualTo(expected));
    }

    [Test]
    public void An_unknown_context_is_named()
    {
        using var source = Source(Config(Anywhere), ClientOptions.Connection with { Context = "IT" });

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains("'IT'"));
    }

    [Test]
    public async Task The_first_of_several_files_that_sets_a_field_counts()
    {
        var first = Folder.Write("a/first", "clusters: [{ name: it, cluster: { server: https://first.example } }]");
        var second = Folder.Write("b/second", Config("server: https://second.example", "tokenFile: token"));
        Folder.Write("b/token", "from b");
        using var source = new KubeconfigFileSource([Folder["absent"], first, second], ClientOptions.Connection, Time, Logger);

        Assert.That((await source.GetAsync()).BaseUri.Host, Is.EqualTo("first.example"));
    }

    [Test]
    public async Task Relative_paths_start_from_the_file_that_holds_them()
    {
        var first = Folder.Write("a/first", "preferences: {}");
        var second = Folder.Write("b/second", Config(Trusted, "tokenFile: token"));
        Folder.Write("a/token", "from-a");
        Folder.Write("b/token", "from-b");
        using var source = new KubeconfigFileSource([first, second], ClientOptions.Connection, Time, Logger);

        await source.AskAsync();

        Assert.That(Server.Last.Authorization, Is.EqualTo("Bearer from-b"));
    }

    [TestCase("", "", "server is missing")]
    [TestCase("server: one.example/hidden", "", "clusters[it].cluster.server must be a URL")]
    [TestCase(Anywhere + ", certificate-authority-data: 'hidden!'", "", "clusters[it].cluster.certificate-authority-data is not valid Base64")]
    [TestCase(Anywhere + ", certificate-authority-data: aGlkZGVu", "", "clusters[it].cluster.certificate-authority-data holds no readable PEM certificate")]
    [TestCase(Anywhere + ", certificate-authority: absent", "", "clusters[it].cluster.certificate-authority names")]
    [TestCase(Anywhere + ", insecure-skip-tls-verify: maybe", "", "clusters[it].cluster.insecure-skip-tls-verify must be true or false")]
    [TestCase(Anywhere + ", proxy-url: 'ftp://hidden'", "", "clusters[it].cluster.proxy-url must be an http, https or socks5 URL")]
    [TestCase(Anywhere + ", tls-server-name: 'a b'", "", "clusters[it].cluster.tls-server-name must be a host name")]
    [TestCase(Anywhere, "token: \"hidden\\nhidden\"", "users[it].user.token must be printable")]
    [TestCase(Anywhere, "tokenFile: \"hidden\\0\"", "users[it].user.tokenFile cannot be a path")]
    [TestCase(Anywhere, "token: [hidden]", "users[it].user.token must be a string")]
    [TestCase(Anywhere, "token: hidden, username: hidden", "users[it].user has both a token and a username")]
    [TestCase(Anywhere, "client-key-data: aGlkZGVu", "users[it].user.client-key-data has no certificate; set client-certificate-data or client-certificate")]
    [TestCase(Anywhere, "client-certificate-data: aGlkZGVu", "users[it].user.client-certificate-data has no key; set client-key-data or client-key")]
    [TestCase(Anywhere, "client-certificate-data: aGlkZGVu, client-key-data: aGlkZGVu", "users[it].user.client-certificate-data and the client key are not")]
    [TestCase(Anywhere, "auth-provider: { name: hidden }", "users[it].user.auth-provider is no longer supported")]
    [TestCase(Anywhere, "as: \"hidden\\nhidden\"", "users[it].user.as must not contain control characters")]
    [TestCase(Anywhere, "as-groups: [hidden]", "users[it].user.as is missing beside as-uid, as-groups or as-user-extra")]
    public void Invalid_values_are_named_and_not_shown(string cluster, string user, string expected)
    {
        using var source = Source(Config(cluster, user));

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>()
            .With.Message.Contains(expected)
            .And.Message.StartsWith(Folder["config"])
            .And.Message.Not.Contains("hidden").And.Message.Not.Contains("aGlkZGVu"));
    }

    [TestCase("certificate-authority: large", "", "clusters[it].cluster.certificate-authority names")]
    [TestCase("", "client-certificate: large, client-key: large", "users[it].user.client-certificate names")]
    [TestCase("", "tokenFile: large", "large")]
    public void A_file_that_is_larger_than_a_kubeconfig_may_be_is_rejected(string cluster, string user, string expected)
    {
        Folder.Write("large", new string('x', (1 << 20) + 1));
        using var source = Source(Config(cluster.Length == 0 ? Anywhere : $"{Anywhere}, {cluster}", user));

        Assert.That(() => source.AskAsync(), Throws.TypeOf<KubeconfigException>()
            .With.Message.Contains(expected).And.Message.Contains("is larger than the limit of 1048576 bytes"));
    }

    [Test]
    public async Task A_token_file_that_has_become_too_large_is_not_used()
    {
        Folder.Write("token", "first");
        using var source = Source(Config(Trusted, "tokenFile: token"));
        await source.AskAsync();
        Folder.Write("token", new string('x', (1 << 20) + 1));
        Time.Advance(TimeSpan.FromSeconds(10));

        await source.AskAsync();

        Assert.That(Server.Last.Authorization, Is.EqualTo("Bearer first"));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        using var source = new KubeconfigFileSource([Folder["absent"]], ClientOptions.Connection, Time, Logger);

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains(Folder["absent"]));
    }
}
