using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

public sealed class FleetMetricsTests
{
    private const string IsReady = """{ "type": "Ready", "status": "True", "reason": "ReconcileSuccess" }""";
    private const string IsContested = """{ "type": "Ready", "status": "False", "reason": "Contested" }""";

    private static readonly ResourceKind Kind = An.Identity.Api.Ocm;

    [Test]
    public async Task An_OCM_that_cannot_be_read_counts_once_as_it_is_now()
    {
        using var stop = new CancellationTokenSource();
        using var metrics = new MetricsReader();
        var cluster = new ScriptedCluster("onboarding cluster");
        cluster.Has(Kind, Ocm("readable"));
        cluster.Has(Kind, Ocm("growing"));
        cluster.HasUnreadable(Kind, OverLimit("deleted") with { DeletionTimestamp = "2026-01-01T00:00:00Z" });
        cluster.HasUnreadable(Kind, Unreadable("ready") with { ReadyCondition = JsonElement.Parse(IsReady) });
        cluster.HasUnreadable(Kind, Unreadable("contested") with { ReadyCondition = JsonElement.Parse(IsContested) });
        cluster.HasUnreadable(Kind, Unreadable("new"));
        cluster.HasUnreadable(Kind, Unreadable(""));
        var ocms = new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), NullLogger.Instance)
            .Create(cluster, Kind, WatchScope.Everything, _ => { }, () => { });
        var running = ocms.RunAsync(stop.Token);
        var config = An.Config("""{ "versions": [{ "version": "0.4.0", "chartVersion": "0.4.0", "deprecated": {} }] }""");
        metrics.Metrics.ObserveFleet(ocms, () => config, new FakeTimeProvider(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero)));

        cluster.Send(Kind, new WatchEvent(WatchEventType.Modified, Ocm("growing", version: 101)) { Unreadable = OverLimit("growing") });
        await Eventually.Async(() => ocms.FindUnreadable(new ObjectKey("n", "growing")) is not null, "the OCM has grown");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read("ocm_instances"), Is.EquivalentTo(["Ready 2", "Progressing 3", "Terminating 1"]));
            Assert.That(Read("ocm_not_ready"), Is.EquivalentTo(["LimitExceeded 2", "Contested 1", "Unknown 1"]));
            Assert.That(Read("service_provider_ocm_longest_deletion_seconds"), Is.EqualTo([$" {TimeSpan.FromDays(3).TotalSeconds}"]));
            Assert.That(Read("service_provider_ocm_deprecated_version_ocms"), Is.EqualTo([" 1"]));
        }

        await stop.CancelAsync();
        await running;

        IEnumerable<string> Read(string metric) =>
            metrics.Read(metric).Where(series => series.Value > 0).Select(series => $"{series.Key} {series.Value}");
    }

    [Test]
    public async Task OCMs_that_are_only_counted_have_a_gauge_of_their_own()
    {
        using var stop = new CancellationTokenSource();
        using var metrics = new MetricsReader();
        var cluster = new ScriptedCluster("onboarding cluster");
        foreach (var name in (string[])["a", "b", "c"])
        {
            cluster.Has(Kind, Ocm(name));
        }

        var options = new InformerOptions { Limits = new InformerLimits { ObjectsPerNamespace = 100, Objects = 1 } };
        var ocms = new InformerFactory(options, TimeProvider.System, new Random(1), NullLogger.Instance)
            .Create(cluster, Kind, WatchScope.Everything, _ => { }, () => { });
        metrics.Metrics.ObserveFleet(ocms, () => An.Config("{}"), new FakeTimeProvider());
        var before = metrics.Read("service_provider_ocm_surplus_ocms");
        var running = ocms.RunAsync(stop.Token);
        await Eventually.Async(() => ocms.HasListed, "the OCMs are listed");

        Assert.That(
            (before[""], metrics.Read("service_provider_ocm_surplus_ocms")[""], metrics.Read("ocm_instances").Values.Sum()),
            Is.EqualTo((0d, 2d, 1d)));
        await stop.CancelAsync();
        await running;
    }

    private static KubeObject Ocm(string name, int version = 1) => KubeObject.Parse(
        $$"""
        {
          "metadata": { "namespace": "n", "name": "{{name}}", "resourceVersion": "{{version}}" },
          "spec": { "version": "0.4.0" },
          "status": { "phase": "Ready", "conditions": [{{IsReady}}] }
        }
        """);

    private static UnreadableObject Unreadable(string name) => new(new ObjectKey("n", name), "u", "1", "it is odd");

    private static UnreadableObject OverLimit(string name) => Unreadable(name) with
    {
        Excess = new LimitExcess("A", "a takes", 9, 5),
        ReadyCondition = JsonElement.Parse(IsReady),
    };
}
