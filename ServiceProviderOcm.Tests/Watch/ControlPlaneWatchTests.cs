using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Controller;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Watch;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlPlaneWatchTests : IDisposable
{
    private const string Toolkit = ObjectNames.ToolkitNamespace;
    private const int TotalBytes = 1_000_000;

    private static readonly ObjectKey Kubeconfig = new("mcp--tenant", "kubeconfig");

    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _controlPlane = new("control plane");
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly SharedMemory _memory = new(TotalBytes, "control planes");

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _changed.Dispose();
    }

    [Test]
    public async Task Managed_objects_that_cannot_be_read_are_observed_beside_the_others()
    {
        _controlPlane.Has(Kinds.Secret, Named("good", Toolkit));
        _controlPlane.Has(Kinds.Secret, Named("good", "other"));
        _controlPlane.HasUnreadable(Kinds.Secret, Unreadable("bad", "it is nested too deep", Toolkit));
        _controlPlane.HasUnreadable(Kinds.Secret, Unreadable("bad", "it is nested too deep", "other"));
        _controlPlane.HasUnreadable(Kinds.ConfigMap, Unreadable("x\u202e", "the fields that are kept are too large", Toolkit));
        using var watch = Watch(ControlPlaneScope.ManagedObjects);

        await UntilAsync(() => watch.ManagedObjects is { IsKnown: true, Unreadable.Count: 2 });

        Assert.That(watch.ManagedObjects.Secrets.Single().Key, Is.EqualTo(new ObjectKey(Toolkit, "good")));
        var unreadable = watch.ManagedObjects.Unreadable;
        Assert.That(unreadable.Objects, Is.EquivalentTo(new[] { (Kinds.Secret, "bad"), (Kinds.ConfigMap, "x\u202e") }));
        Assert.That(unreadable.Error!.Message, Is.EqualTo($"Secret {Toolkit}/bad cannot be read: it is nested too deep"));
    }

    [Test]
    public async Task Repositories_that_cannot_be_read_block_a_deletion()
    {
        _controlPlane.Has(PlatformKinds.Repository, Named("good"));
        _controlPlane.HasUnreadable(PlatformKinds.Repository, Unreadable("bad", "metadata.labels has the wrong type"));
        using var watch = Watch(ControlPlaneScope.UserObjects);

        await UntilAsync(() => watch.UserObjects.Status == ObservationStatus.Known);

        Assert.That(watch.UserObjects.Kinds.Single().Names, Is.EqualTo((string[])["n/bad", "n/good"]));
    }

    [Test]
    public async Task Kinds_that_tenants_define_count_as_one_in_metrics()
    {
        using var metrics = new MetricsReader();
        foreach (var name in (string[])["Repository", "Invented"])
        {
            var kind = new ResourceKind(PlatformKinds.ToolkitGroup, "v1", name, $"{name.ToLowerInvariant()}s");
            _controlPlane.Has(kind, Named("good"));
            _controlPlane.HasUnreadable(kind, Unreadable("bad", "it is nested too deep"));
        }

        using var watch = Watch(ControlPlaneScope.UserObjects | ControlPlaneScope.ManagedObjects, metrics: metrics.Metrics.Informers);

        await UntilAsync(() => watch.UserObjects.Status == ObservationStatus.Known && watch.ManagedObjects.IsKnown);
        Assert.That(metrics.Read("service_provider_ocm_unreadable_objects_total"), Is.EquivalentTo(new Dictionary<string, double>
        {
            ["Namespace"] = 0,
            ["Secret"] = 0,
            ["ConfigMap"] = 0,
            ["user object"] = 2,
        }));
    }

    [Test]
    public async Task Kinds_of_users_objects_are_listed_two_at_a_time()
    {
        const int Count = 6;
        var lists = Channel.CreateUnbounded<TaskCompletionSource<ListPage>>();
        var (open, most) = (0, 0);
        var api = new Mock<IKubernetesApi>();
        api.Setup(cluster => cluster.DiscoverAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(
            [.. Enumerable.Range(0, Count).Select(index => new ResourceKind(PlatformKinds.ToolkitGroup, "v1", $"Kind{index}", $"kinds{index}"))]);
        api.Setup(cluster => cluster.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            var list = new TaskCompletionSource<ListPage>(TaskCreationOptions.RunContinuationsAsynchronously);
            most = Math.Max(most, Interlocked.Increment(ref open));
            lists.Writer.TryWrite(list);
            return list.Task;
        });

        using var watch = Watch(ControlPlaneScope.UserObjects, api.Object);
        await lists.Reader.WaitToReadAsync();
        for (var answered = 0; answered < Count; answered++)
        {
            var list = await lists.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            if (answered < Count - 1)
            {
                await lists.Reader.WaitToReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            }

            Interlocked.Decrement(ref open);
            list.SetResult(new ListPage([], "1"));
        }

        await UntilAsync(() => watch.UserObjects.Status == ObservationStatus.Known);
        Assert.That(most, Is.EqualTo(2));
    }

    [Test]
    public async Task Of_many_users_objects_only_the_first_names_are_made()
    {
        const int Count = 1_500;
        foreach (var number in Enumerable.Range(0, Count).Reverse())
        {
            _controlPlane.Has(PlatformKinds.Repository, Named(string.Create(CultureInfo.InvariantCulture, $"name-{number:0000}")));
        }

        _controlPlane.HasUnreadable(PlatformKinds.Repository, Unreadable("A", "it is odd"));
        _controlPlane.HasUnreadable(PlatformKinds.Repository, Unreadable("name-0000", "it is odd"));
        using var watch = Watch(ControlPlaneScope.UserObjects);
        await UntilAsync(() => watch.UserObjects.Kinds.Any());
        var before = GC.GetAllocatedBytesForCurrentThread();

        var observed = watch.UserObjects.Kinds.Single();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Count * 20));
        Assert.That(observed.Names, Is.EqualTo(["(invalid name)", "n/name-0000", "n/name-0001"]));
        Assert.That(observed.Count, Is.EqualTo(Count + 1));
    }

    [Test]
    public async Task Users_objects_that_come_and_go_do_not_lead_to_discovery_each_time()
    {
        var kind = PlatformKinds.Repository;
        var discoveries = 0;
        var events = 0;
        var many = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new Mock<IKubernetesApi>();
        api.Setup(cluster => cluster.DiscoverAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync([kind]).Callback(() => discoveries++);
        api.Setup(cluster => cluster.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ListPage([Named("a")], "1"));
        api.Setup(cluster => cluster.WatchAsync(It.IsAny<ResourceKind>(), It.IsAny<WatchRequest>(), It.IsAny<CancellationToken>()))
            .Returns((ResourceKind _, WatchRequest _, CancellationToken token) => ToggleAsync(token));
        var informers = new InformerFactory(new InformerOptions(), new FakeTimeProvider(), new Random(1), NullLogger.Instance);
        using var watch = new UserObjectsWatch(api.Object, informers, () => { }, _stop.Token);

        await many.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(discoveries, Is.InRange(1, 2));

        async IAsyncEnumerable<WatchEvent> ToggleAsync([EnumeratorCancellation] CancellationToken token)
        {
            while (!token.IsCancellationRequested)
            {
                if (++events == 500)
                {
                    many.TrySetResult();
                }

                yield return new WatchEvent(events % 2 == 0 ? WatchEventType.Added : WatchEventType.Deleted, Named("a", version: events + 1));
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
            }
        }
    }

    [TestCase(5, 1)]
    [TestCase(6, 2)]
    public async Task A_control_plane_that_lists_slowly_is_listed_again_by_informers_that_watch(int seconds, int lists)
    {
        var time = new FakeTimeProvider();
        var (listed, watches) = (0, 0);
        var api = new Mock<IKubernetesApi>();
        api.Setup(cluster => cluster.DiscoverAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync([PlatformKinds.Repository]);
        api.Setup(cluster => cluster.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>())).ReturnsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return new ListPage(listed++ == 0 ? [] : [Named("created meanwhile")], "1");
        });
        api.Setup(cluster => cluster.WatchAsync(It.IsAny<ResourceKind>(), It.IsAny<WatchRequest>(), It.IsAny<CancellationToken>()))
            .Returns((ResourceKind _, WatchRequest _, CancellationToken token) => NoEventsAsync(token));
        var informers = new InformerFactory(new InformerOptions(), time, new Random(1), NullLogger.Instance);
        using var watch = new UserObjectsWatch(api.Object, informers, () => _changed.Release(), _stop.Token);

        await UntilAsync(() => watch.Observed.Status == ObservationStatus.Known);

        var observed = watch.Observed;
        Assert.That((listed, observed.Kinds.Count, observed.ListedAt is not null), Is.EqualTo((lists, lists - 1, lists == 1)));
        await UntilAsync(() => watches == lists - 1);

        async IAsyncEnumerable<WatchEvent> NoEventsAsync([EnumeratorCancellation] CancellationToken token)
        {
            watches++;
            _changed.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            yield break;
        }
    }

    [Test]
    public async Task Discovery_is_repeated_after_an_error_of_any_kind()
    {
        var time = new FakeTimeProvider();
        var api = new Mock<IKubernetesApi>();
        api.SetupSequence(cluster => cluster.DiscoverAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new InvalidOperationException("a secret"))
            .ReturnsAsync([])
            .ReturnsAsync([]);
        var informers = new InformerFactory(new InformerOptions(), time, new Random(1), NullLogger.Instance);
        using var watch = new UserObjectsWatch(api.Object, informers, () => _changed.Release(), _stop.Token);

        await UntilAsync(() => watch.Observed.Status == ObservationStatus.Unreachable);
        Assert.That(watch.Observed.Error, Is.EqualTo("unexpected InvalidOperationException"));

        await Eventually.Async(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(watch.Observed.Status == ObservationStatus.Known);
            },
            "the kinds are discovered");
    }

    [Test]
    public async Task A_kubeconfig_takes_of_the_memory_for_control_planes()
    {
        using var watch = Watch(ControlPlaneScope.None);

        await UntilAsync(() => watch.Kubeconfig is not null);

        Assert.That(_memory.Held, Is.GreaterThanOrEqualTo(watch.Kubeconfig!.Size));
    }

    [Test]
    public async Task Credentials_are_known_while_there_is_no_memory_for_the_kubeconfig()
    {
        using var watch = Watch(ControlPlaneScope.None, comment: new string('x', 80_000));
        await UntilAsync(() => watch.Kubeconfig is not null && watch.Credentials.Any());
        var (token, held) = (watch.Credentials.Single(), watch.Kubeconfig!.Size);

        for (var all = _memory.Held; all <= TotalBytes; all += held / 2)
        {
            _memory.Open($"namespace {all}").Add().Hold(held / 2);
        }

        await UntilAsync(() => watch.Kubeconfig is null);
        var observation = An.Observation() with { Kubeconfig = watch.Kubeconfig, Credentials = watch.Credentials };
        Assert.That(observation.Secrets.Redact($"Flux: token {token} is rejected"), Is.EqualTo("Flux: token *** is rejected"));
    }

    [Test]
    public async Task Secrets_without_labels_are_not_known_while_there_is_no_memory_for_them()
    {
        _controlPlane.Has(Kinds.Secret, Named("former", Toolkit));
        _controlPlane.Has(Kinds.Secret, Named("former", "other"));
        using var watch = Watch(ControlPlaneScope.UnlabelledSecrets, comment: new string('x', 80_000));
        await UntilAsync(() => watch.UnlabelledSecrets is [{ Namespace: Toolkit }] && watch.Kubeconfig is not null);
        var held = watch.Kubeconfig!.Size;

        for (var all = _memory.Held; all <= TotalBytes; all += held / 2)
        {
            _memory.Open($"namespace {all}").Add().Hold(held / 2);
        }

        await UntilAsync(() => watch.UnlabelledSecrets is null);
    }

    [TestCase(200_000, 1, "bytes, and the limit of a kubeconfig is 131072 (limit kubeconfig_bytes)")]
    [TestCase(1, 100, "is not a valid kubeconfig: nested more than 32 deep (limit kubeconfig_values)")]
    public async Task A_kubeconfig_that_is_too_large_or_too_deep_exceeds_a_limit(int comment, int levels, string error)
    {
        using var watch = Watch(
            ControlPlaneScope.ManagedObjects | ControlPlaneScope.UserObjects,
            comment: $"{new string('x', comment)}\nextensions: {new string('[', levels)}{new string(']', levels)}");

        await UntilAsync(() => watch.ManagedObjects.IsOverLimit && watch.UserObjects.IsOverLimit);

        Assert.That(watch.ManagedObjects.Error, Does.EndWith(error));
        Assert.That((watch.ManagedObjects.IsFixedLimit, watch.UserObjects.IsFixedLimit), Is.EqualTo((true, true)));
    }

    private static KubeObject Named(string name, string ns = "n", int version = 1) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
    });

    private static UnreadableObject Unreadable(string name, string error, string ns = "n") => new(new ObjectKey(ns, name), "u", "1", error);

    private ControlPlaneWatch Watch(
        ControlPlaneScope scope, IKubernetesApi? controlPlane = null, string comment = "", InformerMetrics? metrics = null)
    {
        var config = $"{TestConnections.Config("server: https://one.example", "token: some-token").TrimEnd()}\n#{comment}";
        _platform.Has(Kinds.Secret, KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Kubeconfig.Name, ["namespace"] = Kubeconfig.Namespace, ["resourceVersion"] = "1" },
            ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(config)) },
        }));
        var watch = new ControlPlaneWatch(
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => controlPlane ?? _controlPlane),
            _platform,
            Kubeconfig,
            new ProviderApi(ProviderApi.DefaultGroup),
            new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), NullLogger.Instance, metrics),
            new ReadBudget(new ReadBudgetOptions(), TimeProvider.System).Open(Kubeconfig.Namespace),
            new InformerLimits(),
            _memory.Open(Kubeconfig.Namespace),
            () => _changed.Release(),
            _stop.Token);
        watch.Watch(scope);
        return watch;
    }

    private async Task UntilAsync(Func<bool> isReached)
    {
        while (!isReached())
        {
            Assert.That(await _changed.WaitAsync(TimeSpan.FromSeconds(20)), "the control plane was not observed in time");
        }
    }
}
