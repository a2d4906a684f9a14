using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Every reconciliation has its reasons in the log and in its span.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
public sealed partial class ReconcileReasonsTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly ObjectKey Ocm = new("project--ws", "reasons");
    private static readonly string Tenant = PlatformNames.TenantNamespace(Ocm.Namespace, Ocm.Name);

    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");
    private readonly LogLines<OcmController> _log = new();
    private readonly ConcurrentQueue<string> _spans = [];

    [SetUp]
    public void CreateObjects()
    {
        _onboarding.Has(Api.Ocm, Object(Ocm, 1));
        _platform.Has(Api.ProviderConfig, Object(ObjectKey.ClusterScoped("ocm"), 1));
        _platform.Has(Kinds.Namespace, Object(ObjectKey.ClusterScoped(Tenant), 1));
        _platform.Has(PlatformKinds.ClusterRequest, Object(new ObjectKey(Tenant, Ocm.Name), 1));
    }

    [Test]
    public Task A_change_of_the_OCM_is_a_reason() =>
        HasReasonAsync(ReconcileReasons.OcmChanged, () => Change(_onboarding, Api.Ocm, Ocm));

    [Test]
    public Task A_change_of_the_ProviderConfig_is_a_reason() => HasReasonAsync(
        ReconcileReasons.ProviderConfigChanged,
        () => Change(_platform, Api.ProviderConfig, ObjectKey.ClusterScoped("ocm"), new JsonObject { ["pollInterval"] = "2h" }));

    [Test]
    public Task A_change_of_the_tenant_namespace_is_a_reason() => HasReasonAsync(
        ReconcileReasons.NamespaceChanged, () => Change(_platform, Kinds.Namespace, ObjectKey.ClusterScoped(Tenant)));

    [Test]
    public Task A_change_of_the_ClusterRequest_is_a_reason() => HasReasonAsync(
        ReconcileReasons.ClusterRequestChanged, () => Change(_platform, PlatformKinds.ClusterRequest, new ObjectKey(Tenant, Ocm.Name)));

    [Test]
    public Task A_change_of_the_AccessRequest_is_a_reason() => HasReasonAsync(
        ReconcileReasons.AccessRequestChanged,
        () => Change(_platform, PlatformKinds.AccessRequest, new ObjectKey(Tenant, ObjectNames.AccessRequest(Api, Ocm.Name))));

    [Test]
    public Task A_change_of_a_Secret_copy_is_a_reason() => HasReasonAsync(
        ReconcileReasons.SecretChanged, () => Change(_platform, Kinds.Secret, new ObjectKey(Tenant, "sp-ocm-registry")));

    [Test]
    public Task A_change_of_the_OCIRepository_is_a_reason() => HasReasonAsync(
        ReconcileReasons.OciRepositoryChanged,
        () => Change(_platform, PlatformKinds.OciRepository, new ObjectKey(Tenant, ObjectNames.Flux)));

    [Test]
    public Task A_change_of_the_HelmRelease_is_a_reason() => HasReasonAsync(
        ReconcileReasons.HelmReleaseChanged, () => Change(_platform, PlatformKinds.HelmRelease, new ObjectKey(Tenant, ObjectNames.Flux)));

    [Test]
    public Task The_end_of_the_poll_interval_is_a_reason() => HasReasonAsync(
        ReconcileReasons.Interval,
        () => Change(_platform, Api.ProviderConfig, ObjectKey.ClusterScoped("ocm"), new JsonObject { ["pollInterval"] = "1s" }));

    [Test]
    public Task A_retry_is_a_reason() => HasReasonAsync(ReconcileReasons.Retry, () =>
    {
        var answer = _onboarding.OnPatch;
        _onboarding.OnPatch = (_, _, _, _) =>
        {
            _onboarding.OnPatch = answer;
            throw new KubernetesApiException(503, "ServiceUnavailable", "down");
        };
        Change(_onboarding, Api.Ocm, Ocm);
    });

    private static KubeObject Object(ObjectKey key, int version, JsonObject? spec = null) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["namespace"] = key.Namespace,
            ["name"] = key.Name,
            ["resourceVersion"] = $"{version}",
            ["uid"] = "u",
        },
        ["spec"] = spec ?? new JsonObject { ["version"] = "0.4.0" },
    });

    private static void Change(ScriptedCluster cluster, ResourceKind kind, ObjectKey key, JsonObject? spec = null) =>
        cluster.Send(kind, new WatchEvent(WatchEventType.Modified, Object(key, 101, spec)));

    private static bool Names(string reasons, ReconcileReasons reason) => reasons.Split(", ").Contains($"{reason}");

    private async Task HasReasonAsync(ReconcileReasons reason, Action change)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ReconcileActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == "reconcile ocm")
                {
                    _spans.Enqueue(span.GetTagItem("reconcile.reasons") as string ?? "");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var controller = new OcmController(
            new Identity(Api, "ocm", "provider-system"),
            _platform,
            _onboarding,
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => _platform),
            new ControllerOptions(),
            TimeProvider.System,
            TestMetrics.Create(),
            Mock.Of<ILoggerFactory>(factory => factory.CreateLogger(It.IsAny<string>()) == _log));
        using var stop = new CancellationTokenSource();
        var running = controller.RunAsync(stop.Token);
        await Eventually.Async(
            () => controller.Informers.All(informer => informer.State.IsSynced) && Logged(ReconcileReasons.InformerChanged) > 0,
            "the OCM is reconciled with synced informers");

        var (logged, traced) = (Logged(reason), Traced(reason));
        change();

        await Eventually.Async(() => Logged(reason) > logged, $"{reason} is in the log");
        await Eventually.Async(() => Traced(reason) > traced, $"{reason} is in a span");
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private int Logged(ReconcileReasons reason) => _log.Lines.Count(line => LogLine().Match(line) is { Success: true } match
        && Names(match.Groups["reasons"].Value, reason));

    private int Traced(ReconcileReasons reason) => _spans.Count(reasons => Names(reasons, reason));

    [GeneratedRegex(@"^Reconciled: \w+ \(reasons: (?<reasons>[\w, ]+)\)$")]
    private static partial Regex LogLine();
}
