using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>How the controller handles answers that real servers rarely give.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
public sealed class ControllerTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly ObjectKey Ocm = new("project--ws", "mcp-01");
    private static readonly string Tenant = PlatformNames.TenantNamespace(Ocm.Namespace, Ocm.Name);

    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");

    [SetUp]
    public void CreateObjects()
    {
        _platform.Has(Api.ProviderConfig, Object(ObjectKey.ClusterScoped("ocm")));
        _platform.Has(Kinds.Namespace, Object(ObjectKey.ClusterScoped(Tenant)));
        _platform.Has(PlatformKinds.ClusterRequest, Object(new ObjectKey(Tenant, Ocm.Name)));
    }

    [Test]
    public async Task No_access_is_requested_for_an_OCM_that_is_gone()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));

        await RunUntilAsync(() => _onboarding.Writes.Count > 0);

        Assert.That(_platform.Writes.Except(["apply ControllerRevision"]), Is.Empty);
    }

    [Test]
    public async Task A_reconciliation_that_hangs_is_cancelled_when_the_drain_timeout_ends()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        _onboarding.OnPatch = HangAsync;

        await RunUntilAsync(
            () => _onboarding.Writes.Count > 0, new ControllerOptions { DrainTimeout = TimeSpan.FromMilliseconds(100) });
    }

    [Test]
    public async Task An_aborted_controller_does_not_drain()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        _onboarding.OnPatch = HangAsync;

        await RunUntilAsync(() => _onboarding.Writes.Count > 0, new ControllerOptions { DrainTimeout = TimeSpan.FromHours(1) }, isAborted: true);
    }

    [Test]
    public async Task A_change_during_a_status_write_is_reconciled()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "", generation: 1));
        var edited = OcmAt(101, "not a tag", generation: 2);
        var observedGenerations = new ConcurrentQueue<long?>();
        _onboarding.OnPatch = (_, _, patch, _) =>
        {
            observedGenerations.Enqueue(patch.Number("status", "observedGeneration"));
            var isFirst = observedGenerations.Count == 1;
            if (patch.Text("metadata", "resourceVersion") is "1")
            {
                if (isFirst)
                {
                    _onboarding.Send(Api.Ocm, new WatchEvent(WatchEventType.Modified, edited));
                }

                throw new KubernetesApiException(409, "Conflict", "the object has been modified");
            }

            if (!isFirst)
            {
                return Task.FromResult(OcmAt(103, "not a tag", generation: 2, JsonNode.Parse(patch.At("status")!.Value.GetRawText())));
            }

            var written = OcmAt(102, "not a tag", generation: 2, JsonNode.Parse(patch.At("status")!.Value.GetRawText()));
            _onboarding.OnCreate = () =>
            {
                _onboarding.Send(Api.Ocm, new WatchEvent(WatchEventType.Modified, edited));
                _onboarding.Send(Api.Ocm, new WatchEvent(WatchEventType.Modified, written));
            };
            return Task.FromResult(written);
        };

        await RunUntilAsync(() => observedGenerations.Contains(2));
    }

    [Test]
    public async Task An_unrequested_cancellation_is_a_failure_like_others()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        _onboarding.OnPatch = (_, _, _, _) => throw new TaskCanceledException();

        await RunUntilAsync(() => _onboarding.Writes.Count > 1, new ControllerOptions { Workers = 1 });
    }

    [Test]
    public async Task Another_writer_that_keeps_overwriting_an_object_is_reported_and_the_retries_end()
    {
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        var version = 200;
        var reasons = new ConcurrentQueue<string?>();
        _onboarding.OnPatch = (_, _, patch, _) =>
        {
            reasons.Enqueue(patch.Items("status", "conditions").FirstOrDefault().Text("reason"));
            var ocm = OcmAt(Interlocked.Increment(ref version), "0.3.0", generation: 1).Json;
            var withFinalizer = JsonNode.Parse(ocm.GetRawText())!;
            withFinalizer["metadata"]!["finalizers"] = new JsonArray(Api.Finalizer);
            return Task.FromResult(KubeObject.From(withFinalizer.AsObject()));
        };

        _platform.OnApply = (kind, _, body, _) =>
        {
            if (kind == Kinds.ControllerRevision)
            {
                return Task.FromResult(new KubeObject(body));
            }

            var changed = JsonNode.Parse(body.GetRawText())!;
            changed["spec"]!["token"] = new JsonObject { ["permissions"] = new JsonArray() };
            changed["metadata"]!["resourceVersion"] = $"{Interlocked.Increment(ref version)}";
            return Task.FromResult(KubeObject.From(changed.AsObject()));
        };

        await RunUntilAsync(() => reasons.Contains("Contested"));

        Assert.That(_platform.Writes, Has.Count.LessThan(20));
    }

    [Test]
    public async Task An_error_that_quotes_a_Secret_is_reported_without_its_value()
    {
        var secret = Convert.ToBase64String("""{"auths":{"r.example":{"username":"u","password":"correct-horse-battery"}}}"""u8);
        var platform = new ScriptedCluster("platform cluster");
        platform.Has(Api.ProviderConfig, An.ProviderConfig("""{ "imagePullSecret": { "name": "registry" } }"""));
        platform.Has(Kinds.Namespace, Object(ObjectKey.ClusterScoped(Tenant)));
        platform.Has(PlatformKinds.ClusterRequest, Object(new ObjectKey(Tenant, Ocm.Name)));
        platform.Has(Kinds.Secret, KubeObject.Parse(
            $$"""
            {
              "metadata": { "name": "registry", "namespace": "provider-system", "resourceVersion": "1", "uid": "u" },
              "type": "kubernetes.io/dockerconfigjson", "data": { ".dockerconfigjson": "{{secret}}" }
            }
            """));
        platform.OnApply = (_, _, _, _) => throw new KubernetesApiException(422, "Invalid", "denied: password correct-horse-battery is weak");
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        var version = 200;
        var messages = new ConcurrentQueue<string>();
        _onboarding.OnPatch = (_, _, patch, _) =>
        {
            messages.Enqueue(patch.Items("status", "conditions").FirstOrDefault().Text("message") ?? "");
            var written = JsonNode.Parse(OcmAt(Interlocked.Increment(ref version), "0.3.0", generation: 1).Json.GetRawText())!;
            written["metadata"]!["finalizers"] = new JsonArray(Api.Finalizer);
            return Task.FromResult(KubeObject.From(written.AsObject()));
        };

        await RunUntilAsync(() => messages.Any(message => message.Contains("denied", StringComparison.Ordinal)), platform: platform);

        Assert.That(messages.First(message => message.Contains("denied", StringComparison.Ordinal)), Does.Contain("is weak"));
        Assert.That(messages, Has.None.Contains("correct-horse-battery"));
        Assert.That(_onboarding.Created.Select(created => created.Json.GetRawText()), Has.None.Contains("correct-horse-battery"));
    }

    [Test]
    public async Task An_unreadable_OCM_is_not_an_orphan()
    {
        var orphan = PlatformNames.TenantNamespace(Ocm.Namespace, "gone");
        _onboarding.HasUnreadable(Api.Ocm, new UnreadableObject(Ocm, "u", "1", "metadata.labels has the wrong type"));
        _platform.Has(Kinds.Namespace, Object(ObjectKey.ClusterScoped(orphan)));
        foreach (var ns in (string[])[Tenant, orphan])
        {
            _platform.Has(PlatformKinds.HelmRelease, An.Observation().Complete().HelmRelease!.Patched(
                $$"""{ "metadata": { "namespace": "{{ns}}", "uid": "release-in-{{ns}}" } }"""));
        }

        await RunUntilAsync(
            () => _platform.Created.Count > 0, new ControllerOptions { OrphanGracePeriod = TimeSpan.FromMilliseconds(100) });

        Assert.That(_platform.Created.Select(created => created.Text("regarding", "name") ?? created.Text("involvedObject", "name")), Has.All.EqualTo(orphan));
        Assert.That(_onboarding.Created.Select(created => created.Text("reason")), Is.EqualTo((string[])["Unreadable"]));
    }

    [Test]
    public async Task An_OCM_that_becomes_readable_while_it_is_reported_as_unreadable_is_reconciled()
    {
        var next = new ObjectKey("project--ws", "next");
        OcmController? controller = null;
        var isFirst = true;
        _onboarding.HasUnreadable(Api.Ocm, new UnreadableObject(Ocm, "u", "1", "metadata.labels has the wrong type"));
        _onboarding.OnCreate = () =>
        {
            if (!isFirst)
            {
                return;
            }

            isFirst = false;
            _onboarding.Send(Api.Ocm, new WatchEvent(WatchEventType.Modified, OcmAt(101, "0.3.0", generation: 2)));
            _onboarding.Send(Api.Ocm, new WatchEvent(WatchEventType.Added, Object(next).Patched("""{ "metadata": { "resourceVersion": "102" } }""")));

            // Then the change before it has been enqueued, with a delay.
            SpinWait.SpinUntil(() => controller!.Informers.Any(informer => informer.Store.Get(next) is not null), TimeSpan.FromSeconds(10));
        };

        await RunUntilAsync(
            () => _onboarding.Writes.Contains("patch OCM"),
            new ControllerOptions { ChangeBurst = 0, ChangeInterval = TimeSpan.FromHours(1) },
            onStarting: starting => controller = starting);
    }

    [Test]
    public async Task A_reconciliation_has_a_span_with_the_OCM_and_the_result()
    {
        ConcurrentQueue<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ReconcileActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        _onboarding.OnPatch = (_, _, _, _) => throw new KubernetesApiException(403, "Forbidden", "you may not");

        await RunUntilAsync(() => spans.Any(span => span.Status == ActivityStatusCode.Error));

        var failed = spans.First(span => span.Status == ActivityStatusCode.Error);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failed.OperationName, Is.EqualTo("reconcile ocm"));
            Assert.That(failed.GetTagItem("k8s.namespace.name"), Is.EqualTo(Ocm.Namespace));
            Assert.That(failed.GetTagItem("k8s.ocm.name"), Is.EqualTo(Ocm.Name));
            Assert.That(failed.GetTagItem("reconcile.id"), Is.Not.Null);
            Assert.That(failed.GetTagItem("reconcile.result"), Is.EqualTo("error"));
            Assert.That(failed.StatusDescription, Does.Contain("you may not"));
        }
    }

    [Test]
    public async Task The_metrics_have_the_phases_of_OCMs_and_the_errors()
    {
        await using var page = await MetricsPage.StartAsync();
        _onboarding.Has(Api.Ocm, OcmAt(1, "0.3.0", generation: 1));
        _onboarding.OnPatch = (_, _, _, _) => throw new InvalidOperationException("a bug");

        await RunUntilAsync(() => _onboarding.Writes.Count > 1, metrics: page.Metrics);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await page.ValueAsync("ocm_instances{phase=\"Unknown\"}"), Is.EqualTo(1));
            Assert.That(await page.ValueAsync("informer_synced{cluster=\"onboarding cluster\",kind=\"OCM\"}"), Is.EqualTo(1));
            Assert.That(await page.ValueAsync("informer_synced{cluster=\"platform cluster\",kind=\"HelmRelease\"}"), Is.EqualTo(1));
            Assert.That(await page.ValueAsync("controller_runtime_reconcile_panics_total{controller=\"ocm\"}"), Is.GreaterThan(1));
            Assert.That(await page.ValueAsync("workqueue_retries_total{controller=\"ocm\",name=\"ocm\"}"), Is.GreaterThan(1));
        }
    }

    [Test]
    public async Task A_rollout_that_cannot_begin_because_its_revision_is_not_stored_is_exported_as_stalled()
    {
        await using var page = await MetricsPage.StartAsync();
        _platform.OnApply = (_, _, _, _) => throw new KubernetesApiException(403, "Forbidden", "you may not");

        await RunUntilAsync(() => _platform.Writes.Contains("apply ControllerRevision"), metrics: page.Metrics);

        Assert.That(await page.ValueAsync("service_provider_ocm_rollout_stalled{}"), Is.EqualTo(1));
    }

    private static KubeObject Object(ObjectKey key) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name, ["resourceVersion"] = "1", ["uid"] = "u" },
    });

    private static KubeObject OcmAt(int version, string chart, int generation, JsonNode? status = null) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = Ocm.Namespace,
            ["name"] = Ocm.Name,
            ["uid"] = "u",
            ["resourceVersion"] = $"{version}",
            ["generation"] = generation,
        },
        ["spec"] = new JsonObject { ["version"] = chart },
        ["status"] = status,
    });

    private static async Task<KubeObject> HangAsync(ResourceKind kind, ObjectKey key, JsonElement body, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private async Task RunUntilAsync(
        Func<bool> isDone,
        ControllerOptions? options = null,
        ControllerMetrics? metrics = null,
        bool isAborted = false,
        ScriptedCluster? platform = null,
        Action<OcmController>? onStarting = null)
    {
        using var controller = new OcmController(
            new Identity(Api, "ocm", "provider-system"),
            platform ?? _platform,
            _onboarding,
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => _platform),
            options ?? new ControllerOptions(),
            TimeProvider.System,
            metrics ?? TestMetrics.Create(),
            NullLoggerFactory.Instance);
        onStarting?.Invoke(controller);
        using var stop = new CancellationTokenSource();
        var running = isAborted ? controller.RunAsync(CancellationToken.None, stop.Token) : controller.RunAsync(stop.Token);
        await Eventually.Async(isDone, "it is done");
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(5));
    }
}
