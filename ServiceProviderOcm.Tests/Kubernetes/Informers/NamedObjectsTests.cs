using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[Category("RealServer")]
[NonParallelizable]
public sealed class NamedObjectsTests
{
    private readonly CancellationTokenSource _stop = new();
    private TestCluster _cluster = null!;
    private RealApi? _real;
    private NamedObjects _secrets = null!;
    private volatile int _changes;

    [SetUp]
    public async Task Connect()
    {
        _cluster = (await TestClusters.GetAsync()).Platform;
        await _cluster.CleanAsync(Kinds.Secret);
        _real = new RealApi(_cluster);
        _secrets = Secrets(_real);
    }

    [TearDown]
    public void Disconnect()
    {
        _secrets?.Watch(new HashSet<string>());
        _real?.Dispose();
    }

    [OneTimeTearDown]
    public void Stop() => _stop.Dispose();

    [Test]
    public async Task Only_watched_objects_are_known()
    {
        await WriteAsync("one", "1");
        await WriteAsync("other", "1");

        WatchOnly("one", "missing");

        await SyncedAsync("missing", "one");
        Assert.That(Present(), Is.EqualTo(["one"]));
    }

    [Test]
    public async Task Changes_of_watched_objects_are_reported()
    {
        WatchOnly("one");
        await SyncedAsync("one");

        await WriteAsync("one", "1");
        await SeesAsync("1");
        var before = _changes;
        await WriteAsync("one", "2");
        await SeesAsync("2");
        await _cluster.Api.DeleteAsync(Kinds.Secret, new ObjectKey("default", "one"));
        await SeesAsync(null);

        await Eventually.Async(() => _changes >= before + 2, "both changes are reported");
    }

    [Test]
    public async Task Objects_that_are_not_watched_any_more_are_dropped()
    {
        await WriteAsync("one", "1");
        await WriteAsync("two", "1");
        WatchOnly("one", "two");
        await SyncedAsync("one", "two");

        WatchOnly("two");

        Assert.That((_secrets.Objects.Keys.Single(), Present().Single()), Is.EqualTo(("two", "two")));
    }

    [Test]
    public async Task Objects_that_stay_watched_are_not_listed_again()
    {
        await WriteAsync("one", "1");
        WatchOnly("one");
        await SyncedAsync("one");

        WatchOnly("one", "two");

        Assert.That(_secrets.Objects["one"].State.HasSynced);
        Assert.That(Present(), Does.Contain("one"));
    }

    [Test]
    public async Task The_error_of_an_object_that_cannot_be_read_is_known()
    {
        using var nobody = new RealApi(_cluster, TestUsers.Nobody);
        var secrets = Secrets(nobody);
        secrets.Watch(new HashSet<string> { "one" });

        await Eventually.Async(() => secrets.Objects["one"].State.Failure?.Code == 403, "the failure is known");

        Assert.That((secrets.Objects["one"].State.HasSynced, secrets.Objects["one"].Subject), Is.EqualTo((false, (KubeObject?)null)));
        secrets.Watch(new HashSet<string>());
    }

    private NamedObjects Secrets(RealApi real) => new(
        real.Api, Kinds.Secret, "default", RealInformers.Factory(), () => Interlocked.Increment(ref _changes), _stop.Token);

    private void WatchOnly(params string[] names) => _secrets.Watch(names.ToHashSet(StringComparer.Ordinal));

    private Task SyncedAsync(params string[] names) => Eventually.Async(
        () => _secrets.Objects.Keys.Order(StringComparer.Ordinal).SequenceEqual(names) && _secrets.Objects.Values.All(seen => seen.State.HasSynced),
        "all are known");

    private Task SeesAsync(string? value) => Eventually.Async(
        () => _secrets.Objects["one"].Subject?.Json.Text("data", "k") == (value is null ? null : Encoded(value)), $"it is {value}");

    private Task<KubeObject> WriteAsync(string name, string value) => _cluster.Api.ApplyAsync(Kinds.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name },
        ["data"] = new JsonObject { ["k"] = Encoded(value) },
    });

    private static string Encoded(string value) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value));

    private IEnumerable<string> Present() =>
        _secrets.Objects.Where(entry => entry.Value.Subject is not null).Select(entry => entry.Key).Order(StringComparer.Ordinal);
}
