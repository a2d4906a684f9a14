using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>How often the status of the ProviderConfig is written, on a clock that the test sets.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class ProviderConfigStatusTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");
    private readonly FleetReapply _reapply = new();
    private readonly List<DateTimeOffset> _writes = [];
    private KubeObject _config = An.ProviderConfig("{}");
    private PlatformWatch _watch = null!;
    private Informer _ocms = null!;
    private ProviderConfigStatus _status = null!;
    private int _version = 100;
    private volatile bool _isRefused;

    private int Writes
    {
        get
        {
            lock (_writes)
            {
                return _writes.Count;
            }
        }
    }

    [SetUp]
    public async Task StartAsync()
    {
        _platform.Has(An.Identity.Api.ProviderConfig, _config);
        _platform.OnPatch = (kind, _, patch, _) =>
        {
            lock (_writes)
            {
                _writes.Add(_time.GetUtcNow());
            }

            if (_isRefused)
            {
                throw new KubernetesApiException(503, "ServiceUnavailable", "no");
            }

            if (patch.Text("metadata", "resourceVersion") is { } version && version != _config.ResourceVersion)
            {
                throw new KubernetesApiException(409, "Conflict", "the object has been modified");
            }

            _config = _config.Patched(JsonObject.Create(patch)!);
            Change(kind);
            return Task.FromResult(_config);
        };
        _onboarding.Has(An.Identity.Api.Ocm, An.Ocm());
        var informers = new InformerFactory(new InformerOptions(), _time, new Random(1), NullLogger.Instance);
        _watch = new PlatformWatch(
            _platform, An.Identity, informers, (_, _) => { }, _ => { }, () => _status.Signal(), _stop.Token);
        _ocms = informers.Create(_onboarding, An.Identity.Api.Ocm, WatchScope.Everything, _ => _status.Signal(), () => _status.Signal());
        _status = new ProviderConfigStatus(
            An.Identity, _platform, _watch, _ocms, _reapply, () => null, () => "", [], _time, NullLogger<ProviderConfigStatus>.Instance);
        _ = _watch.RunAsync();
        _ = _ocms.RunAsync(_stop.Token);
        _ = _status.RunAsync(_stop.Token);
        await Eventually.Async(() => _ocms.State.IsSynced && _watch.ProviderConfigs.State.IsSynced, "the informers have synced");
        await AdvanceUntilAsync(() => Writes == 1);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Test]
    public async Task Nothing_is_written_while_nothing_changes()
    {
        for (var i = 0; i < 20; i++)
        {
            _status.Signal();
            await PassAsync(TimeSpan.FromSeconds(5));
        }

        Assert.That(Writes, Is.EqualTo(1));
    }

    [Test]
    public async Task Changes_are_merged_into_one_write_per_interval()
    {
        // No divisor of the steps that a write waits for: these would always see the same state.
        const int Period = 3;
        var changes = 0;
        await AdvanceUntilAsync(() =>
        {
            OcmIs(changes++ % Period == 0 ? "True" : "False");
            return Writes >= 4;
        });

        await _stop.CancelAsync();
        Assert.That(_writes.Zip(_writes.Skip(1), (one, next) => next - one), Has.All.GreaterThanOrEqualTo(ProviderConfigStatus.Interval));
    }

    [Test]
    public async Task The_last_change_is_written_without_another_signal()
    {
        OcmIs("False");
        await PassAsync(Step);
        OcmIs("True");

        await AdvanceUntilAsync(() => _config.Json.Number("status", "ocms", "ready") == 1);
    }

    [Test]
    public async Task An_OCM_that_exceeds_a_limit_is_no_longer_Ready()
    {
        OcmIs("True");
        await AdvanceUntilAsync(() => _config.Json.Number("status", "ocms", "ready") == 1);

        var ocm = An.Ocm().Patched("""{ "metadata": { "resourceVersion": "900" } }""");
        _onboarding.Send(An.Identity.Api.Ocm, new WatchEvent(WatchEventType.Modified, ocm)
        {
            Unreadable = new UnreadableObject(ocm.Key, "u", "900", "it is too long") { Excess = new LimitExcess("A", "a takes", 9, 5) },
        });

        await AdvanceUntilAsync(() => _config.Json.Number("status", "ocms", "ready") == 0);
        Assert.That(_config.Json.Number("status", "ocms", "total"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_write_that_fails_is_retried_after_the_interval()
    {
        _isRefused = true;
        OcmIs("True");
        await AdvanceUntilAsync(() => Writes == 3);
        _isRefused = false;
        await AdvanceUntilAsync(() => _config.Json.Number("status", "ocms", "ready") == 1);

        Assert.That(_writes.Zip(_writes.Skip(1), (one, next) => next - one), Has.All.GreaterThanOrEqualTo(ProviderConfigStatus.Interval));
    }

    [Test]
    public async Task The_annotation_of_an_operation_is_removed_once_it_is_done()
    {
        _config = _config.Patched("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "reconcile" } } }""");
        _reapply.Request([An.Ocm().Key]);
        Change(An.Identity.Api.ProviderConfig);
        await PassAsync(TimeSpan.FromSeconds(20));
        Assert.That(_config.Annotations, Is.Not.Empty);

        _reapply.Attempted(An.Ocm().Key, isApplied: true);
        _status.Signal();
        await AdvanceUntilAsync(() => _config.Annotations.Count == 0);
    }

    [Test]
    public async Task An_annotation_that_is_overwritten_at_the_end_of_an_operation_stays()
    {
        _config = _config.Patched("""{ "metadata": { "annotations": { "openmcp.cloud/operation": "reconcile" } } }""");
        _reapply.Request([An.Ocm().Key]);
        Change(An.Identity.Api.ProviderConfig);
        await Eventually.Async(() => _watch.ProviderConfig?.ResourceVersion == _config.ResourceVersion, "the operation is requested");

        // The informer has not seen it yet.
        _config = _config.Patched(
            """{ "metadata": { "resourceVersion": "1000", "annotations": { "openmcp.cloud/operation": "ignore" } } }""");
        var writes = Writes;
        _reapply.Attempted(An.Ocm().Key, isApplied: true);
        _status.Signal();
        await AdvanceUntilAsync(() => Writes > writes);

        Assert.That(_config.Annotations.Values, Is.EqualTo(["ignore"]));
    }

    private void OcmIs(string ready)
    {
        _version++;
        _onboarding.Send(An.Identity.Api.Ocm, new WatchEvent(WatchEventType.Modified, An.Ocm().Patched(
            $$"""
            {
              "metadata": { "resourceVersion": "{{_version}}" },
              "status": { "observedGeneration": 3, "conditions": [{ "type": "Ready", "status": "{{ready}}" }] }
            }
            """)));
    }

    private void Change(ResourceKind kind)
    {
        _version++;
        _config = _config.Patched($$"""{ "metadata": { "resourceVersion": "{{_version}}" } }""");
        _platform.Send(kind, new WatchEvent(WatchEventType.Modified, _config));
    }

    private async Task AdvanceUntilAsync(Func<bool> condition) => await Eventually.Async(
        () =>
        {
            _time.Advance(Step);
            return condition();
        },
        "it is written");

    private async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            _time.Advance(Step);
            await Task.Yield();
        }
    }
}
