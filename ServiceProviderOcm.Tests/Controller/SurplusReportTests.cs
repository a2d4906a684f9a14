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

/// <summary>When namespaces with OCMs that are only counted are reported, on a clock that the test sets. Two OCMs of each are known.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class SurplusReportTests : IDisposable
{
    private static readonly ResourceKind Kind = An.Identity.Api.Ocm;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly MetricsReader _metrics = new();
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public async Task A_namespace_is_reported_again_after_an_hour_without_another_signal()
    {
        Have("full", 3);
        Start();
        await ReportedAsync(1, Second);
        var first = _time.GetUtcNow();

        await ReportedAsync(2, Minute);

        Assert.That(_time.GetUtcNow() - first, Is.GreaterThan(Hour - Minute));
        Assert.That(_onboarding.Created.Select(each => each.Name), Is.Unique);
        Assert.That(_metrics.Read("service_provider_ocm_limit_exceeded_total")["ocms_per_namespace"], Is.EqualTo(2));
    }

    [Test]
    public async Task Reports_go_on_after_an_unexpected_error()
    {
        Have("full", 3);
        _onboarding.OnCreate = () =>
        {
            _onboarding.OnCreate = null;
            throw new InvalidOperationException("a bug");
        };
        Start();
        await ReportedAsync(1, Second);

        await ReportedAsync(2, Minute);

        Assert.That(Namespaces, Is.EqualTo(["full", "full"]));
    }

    [Test]
    public async Task A_namespace_is_not_reported_again_when_another_begins_to_have_too_many()
    {
        Have("full", 3);
        Start();
        await ReportedAsync(1, Second);

        foreach (var number in Enumerable.Range(0, 3))
        {
            _onboarding.Send(Kind, new WatchEvent(WatchEventType.Added, Ocm("other", number, 200 + number)));
        }

        await ReportedAsync(2, Second);

        Assert.That(Namespaces, Is.EqualTo(["full", "other"]));
    }

    [Test]
    public async Task Unreadable_OCMs_are_reported_by_their_own_limit()
    {
        foreach (var number in Enumerable.Range(0, 101))
        {
            _onboarding.HasUnreadable(Kind, new UnreadableObject(new ObjectKey("odd", $"x{number}"), "u", "1", "it is odd"));
        }

        Start();
        await ReportedAsync(1, Second);

        Assert.That(
            _onboarding.Created.Single().Text("note"),
            Does.StartWith("Namespace odd has 101 OCMs that cannot be read, and the limit is 100 per namespace. 1 of these are only counted"));
        Assert.That(_metrics.Read("service_provider_ocm_limit_exceeded_total")["unreadable_ocms"], Is.EqualTo(1));
    }

    private IEnumerable<string?> Namespaces => _onboarding.Created.Select(each => each.Text("regarding", "namespace"));

    private static KubeObject Ocm(string ns, int number, int version = 1) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "{{ns}}", "name": "ocm-{{number}}", "resourceVersion": "{{version}}" } }""");

    private void Have(string ns, int count)
    {
        foreach (var number in Enumerable.Range(0, count))
        {
            _onboarding.Has(Kind, Ocm(ns, number));
        }
    }

    private void Start()
    {
        var limits = new InformerLimits { ObjectsPerNamespace = 2 };
        Informer? ocms = null;
        var tenants = new Tenants(2, ns => ocms!.Surplus.In(ns));
        ocms = new InformerFactory(new InformerOptions { Limits = limits }, TimeProvider.System, new Random(1), NullLogger.Instance)
            .Create(_onboarding, Kind, WatchScope.Everything, change => Put(change.After), () => { });
        var report = new SurplusReport(
            An.Identity, _onboarding, ocms, limits, tenants, _metrics.Metrics.Limits, _time, NullLogger<SurplusReport>.Instance);
        ocms.OnSurplus = _ => report.Signal();
        _ = report.RunAsync(_stop.Token);
        _ = ocms.RunAsync(_stop.Token);

        void Put(KubeObject? ocm)
        {
            if (ocm is not null)
            {
                tenants.Put(ocm);
            }
        }
    }

    private Task ReportedAsync(int count, TimeSpan step) => Eventually.Async(
        () =>
        {
            if (_onboarding.Created.Count < count)
            {
                _time.Advance(step);
            }

            return _onboarding.Created.Count == count;
        },
        $"{count} Events");
}
