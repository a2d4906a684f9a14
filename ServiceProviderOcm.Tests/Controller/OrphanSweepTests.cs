using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>When orphans are reported, on a clock that the test sets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class OrphanSweepTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedCluster _platform = new("platform cluster");
    private PlatformWatch _watch = null!;
    private OrphanSweep _sweep = null!;
    private volatile bool _isSynced = true;
    private volatile bool _hasOcm;
    private int _checks;

    private int Releases => _sweep.Counts.Single(count => count.Kind == "HelmRelease").Count;

    [SetUp]
    public async Task StartAsync()
    {
        _platform.Has(Kinds.Namespace, KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = An.Tenant, ["uid"] = "namespace-uid" },
        }));
        _platform.Has(PlatformKinds.HelmRelease, An.Observation().Complete().HelmRelease!);
        _watch = new PlatformWatch(
            _platform,
            An.Identity,
            new InformerFactory(new InformerOptions(), _time, new Random(1), NullLogger.Instance),
            (_, _) => { },
            _ => { },
            () => { },
            _stop.Token);
        _sweep = new OrphanSweep(
            An.Identity,
            _platform,
            _watch,
            () =>
            {
                Interlocked.Increment(ref _checks);
                return _isSynced;
            },
            _ => _hasOcm,
            Grace,
            _time,
            NullLogger<OrphanSweep>.Instance);
        _ = _watch.RunAsync();
        _ = _sweep.RunAsync(_stop.Token);
        await Eventually.Async(() => _watch.IsManagedSynced, "the informers have synced");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Test]
    public async Task An_orphan_is_reported_once_after_the_grace_period_without_another_signal()
    {
        _sweep.Consider(An.Tenant);
        await CheckAsync();
        Assert.That((Releases, _platform.Writes.Count), Is.EqualTo((0, 0)));

        _time.Advance(Grace);
        await AdvanceUntilAsync(() => Releases == 1 && _platform.Writes.Count > 0);
        _sweep.Consider(An.Tenant);
        await CheckAsync();

        Assert.That(_platform.Writes, Is.EqualTo(["create Event"]));
    }

    [Test]
    public async Task An_OCM_that_appears_within_the_grace_period_has_no_orphans()
    {
        _sweep.Consider(An.Tenant);
        await CheckAsync();
        _hasOcm = true;
        _sweep.Recheck();
        await CheckAsync();
        _hasOcm = false;

        _time.Advance(Grace);
        _sweep.Consider("mcp--another");
        await CheckAsync();

        Assert.That((Releases, _platform.Writes.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Orphans_are_dropped_when_their_OCM_exists_again()
    {
        _sweep.Consider(An.Tenant);
        await CheckAsync();
        _time.Advance(Grace);
        await AdvanceUntilAsync(() => Releases == 1);

        _hasOcm = true;
        _sweep.Recheck();

        await AdvanceUntilAsync(() => Releases == 0);
    }

    [Test]
    public async Task Nothing_is_reported_while_OCMs_are_not_known()
    {
        _isSynced = false;
        _sweep.Consider(An.Tenant);
        _time.Advance(Grace);
        await CheckAsync();
        Assert.That(Releases, Is.Zero);

        _isSynced = true;
        _sweep.Recheck();

        await AdvanceUntilAsync(() => Releases == 1);
    }

    // Advances until one more check has begun and ended: the next one cannot begin before.
    private async Task CheckAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var before = Volatile.Read(ref _checks);
            _sweep.Consider("mcp--marker");
            await AdvanceUntilAsync(() => Volatile.Read(ref _checks) > before);
        }
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.Async(
        () =>
        {
            if (condition())
            {
                return true;
            }

            _time.Advance(TimeSpan.FromMilliseconds(200));
            return false;
        },
        "the sweep has checked");
}
