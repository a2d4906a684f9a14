using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Setup.Onboarding;

[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class OnboardingAccessTests : IDisposable
{
    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "default");
    private static readonly ObjectKey Key = new("default", PlatformNames.RequestName(ProviderApi.DefaultGroup, "onboarding-run"));

    private static readonly string[] Groups =
        [.. OnboardingPurpose.Run(Identity.Api).Rules.Select(rule => rule.ApiGroup)];

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines<OnboardingAccess> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private TestClusterSet _clusters = null!;
    private TestKubernetesApi? _providersApi;
    private ClusterProviderStandIn? _provider;
    private OnboardingAccess? _access;
    private RealApi? _platform;
    private volatile string _kubeconfig = "";

    [SetUp]
    public async Task Start()
    {
        _clusters = await TestClusters.StartSandboxAsync();
        await _clusters.Platform.InstallCrdsAsync("clusterrequests", "accessrequests");
        _kubeconfig = _clusters.Onboarding.Kubeconfig();
        _platform = new RealApi(_clusters.Platform);
        _providersApi = new TestKubernetesApi(_clusters.Platform, ClusterProviderStandIn.Name);
        _provider = new ClusterProviderStandIn(_providersApi, Pace.AtOnce, _ => Task.FromResult(_kubeconfig));
        _provider.Start();
    }

    [TearDown]
    public async Task Stop()
    {
        await _stop.CancelAsync();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        _providersApi?.Dispose();
        _platform?.Dispose();
        await _clusters.Servers.DisposeAsync();
    }

    public void Dispose() => _stop.Dispose();

    [Test]
    public async Task Granted_access_connects_to_the_onboarding_cluster()
    {
        var api = Onboarding(await GetAsync());

        var found = await api.GetAsync(Kinds.Namespace, ObjectKey.ClusterScoped("default"), default);

        var there = await _clusters.Onboarding.Api.GetAsync(Kinds.Namespace, ObjectKey.ClusterScoped("default"), default);
        Assert.That(found.Uid, Is.EqualTo(there.Uid));
    }

    [Test]
    public async Task The_requests_have_the_agreed_fields()
    {
        await GetAsync();

        var cluster = await _clusters.Platform.Api.GetAsync(PlatformKinds.ClusterRequest, Key, default);
        var access = await _clusters.Platform.Api.GetAsync(PlatformKinds.AccessRequest, Key, default);
        Assert.That(cluster.Json.Text("spec", "purpose"), Is.EqualTo("onboarding"));
        Assert.That(
            (access.Json.Text("spec", "requestRef", "name"), access.Json.Text("spec", "requestRef", "namespace")),
            Is.EqualTo((Key.Name, Key.Namespace)));
        Assert.That(access.Json.Items("spec", "token", "permissions").Single().Items("rules").Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task A_renewed_kubeconfig_is_used()
    {
        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Nobody);
        var api = Onboarding(await GetAsync());
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Namespace, new ListRequest(), default));
        Assert.That(error!.Code, Is.EqualTo(403));

        _kubeconfig = _clusters.Onboarding.Kubeconfig();
        await _provider!.RenewAsync();

        await Eventually.Async(
            () => api.ListAsync(Kinds.Namespace, new ListRequest(), default), page => page.Items.Count > 0, "the new token is used");
    }

    [Test]
    public async Task A_kubeconfig_in_another_Secret_replaces_the_previous_one()
    {
        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Nobody);
        var api = Onboarding(await GetAsync());
        await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Namespace, new ListRequest(), default));

        await WriteKubeconfigAsync("another", _clusters.Onboarding.Kubeconfig());
        await _clusters.Platform.Api.UpdateStatusAsync(
            PlatformKinds.AccessRequest, Key, new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "another" } });
        await Eventually.Async(
            () => api.ListAsync(Kinds.Namespace, new ListRequest(), default), page => page.Items.Count > 0, "the other Secret is used");

        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Metrics);
        await _provider!.RenewAsync();
        await WriteKubeconfigAsync("another", "clusters: text");
        await Eventually.Async(() => Logged("another cannot be used"), "the other Secret has been read again");
        Assert.That((await api.ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task Permissions_that_another_provider_has_requested_stay_until_they_are_reduced()
    {
        await GetAsync();
        var rules = JsonNode.Parse("""[{"apiGroups":["other.example.com"],"resources":["*"],"verbs":["*"]}]""")!;
        var permissions = new JsonArray(new JsonObject { ["rules"] = rules });
        await _clusters.Platform.Api.MergePatchAsync(
            PlatformKinds.AccessRequest, Key, new JsonObject { ["spec"] = new JsonObject { ["token"] = new JsonObject { ["permissions"] = permissions } } });
        await Eventually.Async(
            () => _clusters.Platform.Api.GetAsync(PlatformKinds.AccessRequest, Key, default), AccessGrant.IsUsable, "access is granted");

        await GetAsync();

        Assert.That(await GroupsAsync(), Is.EquivalentTo((string[])["other.example.com", .. Groups]));
        var purpose = OnboardingPurpose.Run(Identity.Api);
        Assert.That(await OnboardingReduction.ReduceAsync(_platform!.Api, Identity, purpose, default), Is.True);
        Assert.That(await GroupsAsync(), Is.EquivalentTo(Groups));
        Assert.That(await OnboardingReduction.ReduceAsync(_platform!.Api, Identity, purpose, default), Is.False);
    }

    [Test]
    public async Task Permissions_that_arrive_after_a_minute_are_used()
    {
        var faults = new HttpFaults();
        var waiting = GetDuringOutageAsync(faults, HttpStatusCode.Forbidden);
        await Eventually.Async(() => Logged("was not applied: made to fail"), "what is forbidden is logged");

        _time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return faults.Answered >= 3;
            },
            "it is retried");
        Assert.That(waiting.IsCompleted, Is.False);
        Assert.That(_access!.WaitingFor, Is.EqualTo($"ClusterRequest {Key} to be granted: ClusterRequest {Key} was not applied: made to fail by the test"));
        faults.Clear();
        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "it is retried");

        Assert.That((await Onboarding(await waiting).ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
        Assert.That(_access.WaitingFor, Is.Null);
    }

    [Test]
    public async Task What_stays_forbidden_is_an_error()
    {
        var waiting = GetDuringOutageAsync(new HttpFaults(), HttpStatusCode.Forbidden, TimeSpan.FromMinutes(1));

        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return waiting.IsCompleted;
            },
            "it ends");

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Does.Contain("made to fail by the test"));
    }

    [Test]
    public async Task An_outage_of_the_platform_is_retried()
    {
        var faults = new HttpFaults();
        var waiting = GetDuringOutageAsync(faults);
        await Eventually.Async(() => Logged($"ClusterRequest {Key} was not applied: made to fail"), "the outage is logged");

        faults.Clear();
        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "it is retried");

        Assert.That((await Onboarding(await waiting).ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task A_lasting_outage_is_in_the_message_of_the_timeout()
    {
        var faults = new HttpFaults();
        var waiting = GetDuringOutageAsync(faults);
        await Eventually.Async(() => Logged("was not applied"), "the outage is logged");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Does.StartWith("Timed out after 00:30:00 waiting for ").And.EndWith("was not applied: made to fail by the test."));
    }

    [Test]
    public async Task A_repeated_request_writes_nothing()
    {
        await GetAsync();
        var before = await VersionsAsync();

        await GetAsync();

        Assert.That(await VersionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Denied_access_is_an_error()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Deny;

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => GetAsync());

        Assert.That(error!.Message, Is.EqualTo($"ClusterRequest {Key} on the platform cluster was denied."));
    }

    [Test]
    public async Task The_message_of_the_timeout_names_the_pending_request()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Ignore;
        var waiting = GetAsync();
        await Eventually.Async(async () => await _clusters.Platform.Api.FindAsync(PlatformKinds.ClusterRequest, Key) is not null, "it has asked");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Is.EqualTo(
            $"Timed out after 00:30:00 waiting for ClusterRequest {Key} to be granted on the platform cluster: "
            + "check that a cluster provider is running."));
    }

    [Test]
    public async Task The_message_of_the_timeout_has_the_error_of_an_unusable_kubeconfig()
    {
        _kubeconfig = "clusters: text";
        var waiting = GetAsync();
        await Eventually.Async(
            async () => (await _clusters.Platform.Api.FindAsync(PlatformKinds.AccessRequest, Key))?.Json.Text("status", "phase") == "Granted",
            "access has been granted");
        await Eventually.Async(() => Logged("cannot be used"), "the Secret has been read");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Does.Contain($"a kubeconfig in Secret {ClusterProviderStandIn.SecretOf(Key)} on the platform cluster: ")
            .And.Contain("cannot be used"));
    }

    [Test]
    public async Task A_kubeconfig_that_becomes_usable_is_used()
    {
        _kubeconfig = "clusters: text";
        var waiting = GetAsync();
        await Eventually.Async(() => Logged("cannot be used"), "the Secret has been read");

        _kubeconfig = _clusters.Onboarding.Kubeconfig();
        await _provider!.RenewAsync();

        Assert.That((await Onboarding(await waiting).ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task Request_kinds_that_are_not_served_are_an_error()
    {
        using var elsewhere = new RealApi(_clusters.Mcp);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => GetAsync(elsewhere.Api));

        Assert.That(error!.Message, Does.Contain("mcp cluster").And.Contain("ClusterRequest").And.Contain("CustomResourceDefinitions"));
        Assert.That(error.InnerException, Is.InstanceOf<KubernetesApiException>());
    }

    [Test]
    public async Task A_caller_can_cancel_the_wait()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Ignore;
        var waiting = GetAsync();

        await _stop.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<IEnumerable<string?>> GroupsAsync() =>
        (await _clusters.Platform.Api.GetAsync(PlatformKinds.AccessRequest, Key, default)).Json
            .Items("spec", "token", "permissions")
            .SelectMany(permission => permission.Items("rules"))
            .Select(rule => rule.Items("apiGroups").Single().GetString());

    private bool Logged(string text) => _log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private Task<IConnectionSource> GetAsync(IKubernetesApi? platform = null, TimeSpan? denialTimeout = null)
    {
        _access = new OnboardingAccess(
            platform ?? _platform!.Api,
            Identity,
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), Onboarding),
            RealInformers.Factory(),
            _time,
            _log);
        return _access.GetAsync(
            OnboardingPurpose.Run(Identity.Api),
            OnboardingAccess.DefaultTimeout,
            denialTimeout ?? OnboardingAccess.DefaultTimeout,
            _stop.Token);
    }

    private Task<IConnectionSource> GetDuringOutageAsync(
        HttpFaults faults, HttpStatusCode code = HttpStatusCode.ServiceUnavailable, TimeSpan? denialTimeout = null)
    {
        faults.Answer(code, code.ToString(), request => request.Method == HttpMethod.Patch);
        var source = new KubeconfigSecretSource("test", ClientOptions.Connection with { Handlers = [faults.Handler] });
        source.Update(_clusters.Platform.Kubeconfig());
        return GetAsync(
            new KubernetesApi(
                "platform cluster", source, ClientOptions.Default with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests),
            denialTimeout);
    }

    private Task WriteKubeconfigAsync(string name, string kubeconfig) => _clusters.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = Key.Namespace, ["name"] = name },
        ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)) },
    });

    private static KubernetesApi Onboarding(IConnectionSource source) =>
        new("onboarding cluster", source, ClientOptions.Default, TimeProvider.System, TestMetrics.Create().Requests);

    private async Task<(string Cluster, string Access)> VersionsAsync() => (
        (await _clusters.Platform.Api.GetAsync(PlatformKinds.ClusterRequest, Key, default)).ResourceVersion,
        (await _clusters.Platform.Api.GetAsync(PlatformKinds.AccessRequest, Key, default)).ResourceVersion);
}
