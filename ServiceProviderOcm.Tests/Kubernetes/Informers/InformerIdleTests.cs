using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InformerIdleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualApi _api = new();
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task An_informer_is_idle_since_the_server_last_sent_something_and_failures_do_not_count()
    {
        using var states = new SemaphoreSlim(0);
        var informer = new Informer(
            _api,
            new ResourceKind("", "v1", "ConfigMap", "configmaps"),
            WatchScope.Everything,
            new InformerOptions { FailureGrace = TimeSpan.Zero },
            _ => { },
            () => states.Release(),
            _time,
            new Random(1),
            NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        var list = await _api.NextListAsync();
        _time.Advance(Minute);
        Assert.That(informer.Idle, Is.EqualTo(Minute));

        list.Answer(Events.Page(7));
        var watch = await _api.NextWatchAsync();
        await watch.OpenedAsync();
        Assert.That(informer.Idle, Is.EqualTo(TimeSpan.Zero), "the accepted watch counts");
        await states.WaitAsync();
        _time.Advance(Minute);
        watch.Send(Events.Added("a", 8));
        await Eventually.Async(() => informer.Idle == TimeSpan.Zero, "the event counts");
        _time.Advance(Minute);
        watch.Fail(Events.Unavailable);
        await states.WaitAsync();

        Assert.That(informer.Idle, Is.EqualTo(Minute));
        await stop.CancelAsync();
        await running;
    }
}
