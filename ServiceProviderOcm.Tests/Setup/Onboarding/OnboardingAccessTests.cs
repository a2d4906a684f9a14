using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Kubernetes.Client;
using ServiceProviderOcm.Tests.Kubernetes.Informers;
using ServiceProviderOcm.Tests.Provider;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Setup.Onboarding;

[Category("RealServer")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OnboardingAccessTests : IDisposable
{
    private static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "default");
    private static readonly ObjectKey Key = new("default", PlatformNames.RequestName(ProviderApi.DefaultGroup, "onboarding-run"));

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines<OnboardingAccess> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private TestClusterSet _clusters = null!;
    private TestKubernetesApi? _providersApi;
    private ClusterProviderStandIn? _provider;
    private RealApi? _platform;
    private volatile string _kubeconfig = "";

    [SetUp]
    public async Task Start()
    {
        _clusters = await TestClusters.GetAsync();
        await _clusters.Platform.InstallCrdsAsync("clusterrequests", "accessrequests");
        await _clusters.Platform.CleanAsync(Kinds.AccessRequest, Kinds.ClusterRequest, Kinds.Secret);
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
    }

    public void Dispose() => _stop.Dispose();

    [Test]
    public async Task Granted_access_leads_to_the_onboarding_cluster()
    {
        var api = Onboarding(await GetAsync());

        var found = await api.GetAsync(Kinds.Namespace, ObjectKey.ClusterScoped("default"), default);

        var there = await _clusters.Onboarding.Api.GetAsync(Kinds.Namespace, ObjectKey.ClusterScoped("default"), default);
        Assert.That(found.Uid, Is.EqualTo(there.Uid));
    }

    [Test]
    public async Task What_is_asked_for_is_as_agreed()
    {
        await GetAsync();

        var cluster = await _clusters.Platform.Api.GetAsync(Kinds.ClusterRequest, Key, default);
        var access = await _clusters.Platform.Api.GetAsync(Kinds.AccessRequest, Key, default);
        Assert.That(cluster.Json.Text("spec", "purpose"), Is.EqualTo("onboarding"));
        Assert.That(
            (access.Json.Text("spec", "requestRef", "name"), access.Json.Text("spec", "requestRef", "namespace")),
            Is.EqualTo((Key.Name, Key.Namespace)));
        Assert.That(access.Json.Items("spec", "token", "permissions").Single().Items("rules").Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_renewed_kubeconfig_is_used()
    {
        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Nobody);
        var api = Onboarding(await GetAsync());
        var refusal = await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Namespace, new ListRequest(), default));
        Assert.That(refusal!.Code, Is.EqualTo(403));

        _kubeconfig = _clusters.Onboarding.Kubeconfig();
        await _provider!.RenewAsync();

        await Eventually.Async(
            () => api.ListAsync(Kinds.Namespace, new ListRequest(), default), page => page.Items.Count > 0, "the new token is used");
    }

    [Test]
    public async Task A_kubeconfig_in_another_Secret_is_used_from_then_on_and_the_old_one_no_longer()
    {
        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Nobody);
        var api = Onboarding(await GetAsync());
        await Assert.ThrowsAsync<KubernetesApiException>(() => api.ListAsync(Kinds.Namespace, new ListRequest(), default));

        await WriteKubeconfigAsync("another", _clusters.Onboarding.Kubeconfig());
        await _clusters.Platform.Api.UpdateStatusAsync(
            Kinds.AccessRequest, Key, new JsonObject { ["secretRef"] = new JsonObject { ["name"] = "another" } });
        await Eventually.Async(
            () => api.ListAsync(Kinds.Namespace, new ListRequest(), default), page => page.Items.Count > 0, "the other Secret is used");

        _kubeconfig = _clusters.Onboarding.Kubeconfig(TestUsers.Metrics);
        await _provider!.RenewAsync();
        await WriteKubeconfigAsync("another", "clusters: text");
        await Eventually.Async(() => Told("another cannot be used"), "what the other Secret says by now has been looked at");
        Assert.That((await api.ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task An_outage_of_the_platform_is_waited_out()
    {
        var faults = new Faults();
        var waiting = GetDuringOutageAsync(faults);
        await Eventually.Async(() => Told($"ClusterRequest {Key} cannot be applied: made to fail"), "the outage is told");

        faults.Clear();
        await Eventually.Async(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "it is tried again");

        Assert.That((await Onboarding(await waiting).ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task An_outage_that_lasts_is_named_when_time_is_up()
    {
        var faults = new Faults();
        var waiting = GetDuringOutageAsync(faults);
        await Eventually.Async(() => Told("cannot be applied"), "the outage is told");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Does.StartWith("Waited 00:30:00 in vain for ").And.EndWith("cannot be applied: made to fail by the test."));
    }

    [Test]
    public async Task Asking_again_changes_nothing()
    {
        await GetAsync();
        var before = await VersionsAsync();

        await GetAsync();

        Assert.That(await VersionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Denied_access_is_said_to_be_denied()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Deny;

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => GetAsync());

        Assert.That(error!.Message, Is.EqualTo($"ClusterRequest {Key} on the platform cluster has been denied."));
    }

    [Test]
    public async Task When_nobody_answers_in_time_it_says_what_it_has_waited_for()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Ignore;
        var waiting = GetAsync();
        await Eventually.Async(async () => await _clusters.Platform.Api.FindAsync(Kinds.ClusterRequest, Key) is not null, "it has asked");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Is.EqualTo(
            $"Waited 00:30:00 in vain for ClusterRequest {Key} to be granted on the platform cluster; "
            + "see whether a cluster provider is running there."));
    }

    [Test]
    public async Task When_the_kubeconfig_stays_unusable_it_says_why()
    {
        _kubeconfig = "clusters: text";
        var waiting = GetAsync();
        await Eventually.Async(
            async () => (await _clusters.Platform.Api.FindAsync(Kinds.AccessRequest, Key))?.Json.Text("status", "phase") == "Granted",
            "access has been granted");
        await Eventually.Async(() => Told("cannot be used"), "the Secret has been looked at");

        _time.Advance(OnboardingAccess.DefaultTimeout);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => waiting);
        Assert.That(error!.Message, Does.Contain($"a kubeconfig in Secret {ClusterProviderStandIn.SecretOf(Key)} on the platform cluster; ")
            .And.Contain("cannot be used"));
    }

    [Test]
    public async Task A_kubeconfig_that_becomes_usable_is_used()
    {
        _kubeconfig = "clusters: text";
        var waiting = GetAsync();
        await Eventually.Async(() => Told("cannot be used"), "the Secret has been looked at");

        _kubeconfig = _clusters.Onboarding.Kubeconfig();
        await _provider!.RenewAsync();

        Assert.That((await Onboarding(await waiting).ListAsync(Kinds.Namespace, new ListRequest(), default)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task A_platform_without_the_requests_is_told_from_one_that_does_not_answer()
    {
        using var elsewhere = new RealApi(_clusters.Mcp);

        var error = await Assert.ThrowsAsync<OnboardingAccessException>(() => GetAsync(elsewhere.Api));

        Assert.That(error!.Message, Does.Contain("mcp cluster").And.Contain("ClusterRequest").And.Contain("CustomResourceDefinitions"));
        Assert.That(error.InnerException, Is.InstanceOf<KubernetesApiException>());
    }

    [Test]
    public async Task A_caller_may_lose_patience()
    {
        _provider!.Behaviour = ClusterProviderBehaviour.Ignore;
        var waiting = GetAsync();

        await _stop.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    private bool Told(string text) => _log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private Task<IConnectionSource> GetAsync(IKubernetesApi? platform = null) => new OnboardingAccess(
        platform ?? _platform!.Api,
        Identity,
        new ControlPlaneConnector(name => new KubeconfigSecretSource(name, new ConnectionOptions()), Onboarding),
        RealInformers.Factory(),
        _time,
        _log).GetAsync(OnboardingPurpose.Run(Identity.Api), OnboardingAccess.DefaultTimeout, _stop.Token);

    private Task<IConnectionSource> GetDuringOutageAsync(Faults faults)
    {
        faults.Answer(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", request => request.Method == HttpMethod.Patch);
        var source = new KubeconfigSecretSource("test", new ConnectionOptions { Handlers = [faults.Handler] });
        source.Update(_clusters.Platform.Kubeconfig());
        return GetAsync(new KubernetesApi(
            "platform cluster", source, new KubernetesApiOptions { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests));
    }

    private Task WriteKubeconfigAsync(string name, string kubeconfig) => _clusters.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = Key.Namespace, ["name"] = name },
        ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)) },
    });

    private static KubernetesApi Onboarding(IConnectionSource source) =>
        new("onboarding cluster", source, new KubernetesApiOptions(), TimeProvider.System, TestMetrics.Create().Requests);

    private async Task<(string Cluster, string Access)> VersionsAsync() => (
        (await _clusters.Platform.Api.GetAsync(Kinds.ClusterRequest, Key, default)).ResourceVersion,
        (await _clusters.Platform.Api.GetAsync(Kinds.AccessRequest, Key, default)).ResourceVersion);
}
