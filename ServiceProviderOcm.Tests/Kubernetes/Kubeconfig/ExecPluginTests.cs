using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Http;
using static ServiceProviderOcm.Tests.Support.Connections.TestConnections;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class ExecPluginTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestPki _pki = new();
    private readonly TestFolder _folder = new();
    private readonly TestServer _server;

    private int Runs => File.Exists(_folder["runs"]) ? File.ReadAllLines(_folder["runs"]).Length : 0;

    public ExecPluginTests() => _server = new TestServer(_pki.Server());

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [TestCase(V1)]
    [TestCase("client.authentication.k8s.io/v1beta1")]
    public async Task A_token_is_sent_and_kept(string version)
    {
        using var source = Source(Print(Credential("\"token\": \"abc\"", version)), version: version);

        await source.AskAsync();
        _time.Advance(TimeSpan.FromDays(100));
        await source.AskAsync();

        Assert.That(_server.Last.Authorization, Is.EqualTo("Bearer abc"));
        Assert.That(Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Expired_credentials_are_issued_anew_on_the_same_connection()
    {
        using var source = Source(Print(Credential("\"token\": \"run-'$(wc -l < runs | tr -d ' ')'\", \"expirationTimestamp\": \"'$(cat expires)'\"")));
        _folder.Write("expires", "2030-01-01T01:00:00Z");
        var connection = await source.GetAsync();
        await source.AskAsync();

        _time.Advance(TimeSpan.FromMinutes(59));
        await source.AskAsync();
        var before = _server.Last.Authorization;
        _folder.Write("expires", "2030-01-01T02:00:00Z");
        _time.Advance(TimeSpan.FromMinutes(1));
        await source.AskAsync();

        Assert.That((before, _server.Last.Authorization), Is.EqualTo(("Bearer run-1", "Bearer run-2")));
        Assert.That(await source.GetAsync(), Is.SameAs(connection));
    }

    [Test]
    public async Task A_rejected_credential_is_issued_anew()
    {
        using var source = Source(Print(Credential("\"token\": \"run-'$(wc -l < runs | tr -d ' ')'\"")));
        _server.Status = "401 Unauthorized";

        await source.AskAsync();
        await source.AskAsync();

        Assert.That(_server.Last.Authorization, Is.EqualTo("Bearer run-2"));
    }

    [Test]
    public async Task Callers_at_the_same_time_share_a_run()
    {
        using var source = Source(Print(Credential("\"token\": \"abc\"")));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => source.AskAsync()));

        Assert.That(Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_client_certificate_supersedes_the_connection()
    {
        Issue("first");
        using var source = Source("cat credential");
        var old = await source.GetAsync();
        await source.AskAsync();
        var before = _server.Last.ClientSubject;

        Issue("second");
        _time.Advance(TimeSpan.FromHours(1));
        await source.AskAsync();

        Assert.That((before, _server.Last.ClientSubject), Is.EqualTo(("CN=first", "CN=second")));
        Assert.That(old.Superseded.IsCancellationRequested);
    }

    [Test]
    public async Task A_plugin_gets_its_arguments_variables_and_the_cluster_and_no_input()
    {
        using var source = Source(
            "cat > input; printf '%s|' \"$@\" > args; printf '%s' \"$COLOUR\" > colour; printf '%s' \"$KUBERNETES_EXEC_INFO\" > info\n" + Print(Credential("\"token\": \"abc\"")),
            "args: [get, 'a b; $(c)', ''], env: [{ name: COLOUR, value: blue }], provideClusterInfo: true, interactiveMode: IfAvailable",
            ", extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: x, depth: 3, deep: [true, 'true', null] } }]");

        await source.GetAsync();

        var info = JsonReading.Parse(File.ReadAllText(_folder["info"]));
        var spec = info.GetProperty("spec");
        Assert.That(File.ReadAllText(_folder["args"]), Is.EqualTo("get|a b; $(c)||"));
        Assert.That(File.ReadAllText(_folder["colour"]), Is.EqualTo("blue"));
        Assert.That(File.ReadAllText(_folder["input"]), Is.Empty);
        Assert.That(info.GetProperty("apiVersion").GetString(), Is.EqualTo(V1));
        Assert.That(spec.GetProperty("interactive").GetBoolean(), Is.False);
        Assert.That(spec.GetProperty("cluster").GetProperty("server").GetString(), Is.EqualTo(_server.Url));
        Assert.That(spec.GetProperty("cluster").GetProperty("certificate-authority-data").GetString(), Is.EqualTo(_pki.Data));
        Assert.That(spec.GetProperty("cluster").GetProperty("config").GetRawText(), Is.EqualTo("""{"audience":"x","depth":3,"deep":[true,"true",null]}"""));
    }

    [Test]
    public async Task Output_of_a_plugin_on_stderr_is_not_an_error()
    {
        using var source = Source("head -c 300000 /dev/zero >&2\n" + Print(Credential("\"token\": \"abc\"")));

        Assert.That(await source.AskAsync(), Is.EqualTo(200));
    }

    [TestCase("echo hidden; echo hidden >&2; exit 3", "failed with exit code 3")]
    [TestCase("echo hidden", "printed something other than an ExecCredential")]
    [TestCase("echo '[]'", "printed something other than an ExecCredential")]
    [TestCase("echo '{ \"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1beta1\" }'", "must print an ExecCredential of client.authentication.k8s.io/v1")]
    [TestCase("echo '{ \"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\" }'", "printed something other than an ExecCredential with a status")]
    [TestCase("echo '{ \"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {} }'", "neither a token nor a client certificate")]
    [TestCase("echo '{ \"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": { \"clientCertificateData\": \"hidden\" } }'", "are not a certificate and its unencrypted")]
    public void Errors_of_a_plugin_are_named_and_its_output_is_not_shown(string script, string expected)
    {
        using var source = Source(script);

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>()
            .With.Message.Contains("users[it].user.exec")
            .And.Message.Contains(expected)
            .And.Property(nameof(Exception.InnerException)).Null
            .And.Message.Not.Contains("hidden"));
    }

    [Test]
    public void The_error_of_a_missing_command_has_the_install_hint()
    {
        using var source = Source(exec: "installHint: Install it from there.", command: "./absent");

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>()
            .With.Message.Contains("cannot be started").And.Message.Contains("Install it from there."));
    }

    [TestCase("interactiveMode: Always", V1, "users[it].user.exec.interactiveMode is Always")]
    [TestCase("", "client.authentication.k8s.io/v1alpha1", "users[it].user.exec.apiVersion must be")]
    public void An_invalid_exec_section_is_rejected_before_the_plugin_runs(string exec, string version, string expected)
    {
        using var source = Source("echo", exec, version: version);

        Assert.That(() => source.GetAsync(), Throws.TypeOf<KubeconfigException>().With.Message.Contains(expected));
        Assert.That(Runs, Is.Zero);
    }

    [Test]
    public void A_plugin_is_killed_after_sixty_seconds()
    {
        using var source = Source("exec sleep 3600");
        var connecting = source.GetAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(59));
        var waiting = !connecting.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(waiting);
        Assert.That(() => connecting, Throws.TypeOf<KubeconfigException>().With.Message.Contains("within 60 seconds"));
    }

    private static string Credential(string status, string version = V1) =>
        $$"""{ "kind": "ExecCredential", "apiVersion": "{{version}}", "status": { {{status}} } }""";

    private static string Print(string credential) => $"echo '{credential}'";

    private void Issue(string name)
    {
        var pair = _pki.Client(name);
        var expires = _time.GetUtcNow().AddHours(1);
        _folder.Write("credential", Credential($"""
            "clientCertificateData": {JsonSerializer.Serialize(pair.CertificatePem)},
            "clientKeyData": {JsonSerializer.Serialize(pair.KeyPem)},
            "expirationTimestamp": "{expires:O}"
            """));
    }

    private KubeconfigFileSource Source(
        string script = "", string exec = "", string cluster = "", string command = "./plugin", string version = V1)
    {
        _folder.Script("plugin", $"cd '{_folder.Root}'\necho run >> runs\n{script}\n");
        var config = Config(
            $"server: '{_server.Url}', certificate-authority-data: {_pki.Data}{cluster}",
            $"exec: {{ apiVersion: {version}, command: {command}, {exec} }}");
        return new([_folder.Write("config", config)], ClientOptions.Connection, _time, NullLogger<KubeconfigFileSource>.Instance);
    }
}
