using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Steps on a control plane that begin or end while its OCM, which needs them no more, is reconciled.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OcmReconcilerTests : IDisposable
{
    private const string RemoveRecord = "patch AccessRequest";
    private const ReconcileReasons Reasons = ReconcileReasons.ProviderConfigChanged;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly ObjectKey Ocm = An.Ocm().Key;
    private static readonly ProviderApi Api = An.Identity.Api;

    private readonly ScriptedCluster _platform = new("platform cluster");
    private readonly ScriptedCluster _onboarding = new("onboarding cluster");
    private readonly ScriptedCluster _kubeconfigs = new("platform cluster");
    private readonly ScriptedCluster _controlPlane = new("control plane");
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _answer = new();
    private ControlPlanes _controlPlanes = null!;
    private ControlPlaneTurns _turns = null!;
    private FleetRevisions _revisions = null!;
    private OcmReconciler _reconciler = null!;
    private Action _onObserved = () => { };
    private int _ended;

    [SetUp]
    public async Task StartAsync()
    {
        CreateObjects();
        _controlPlane.OnApply = (_, _, body, _) => Task.Run(() =>
        {
            _answer.Wait(_stop.Token);
            return new KubeObject(body);
        });
        var time = TimeProvider.System;
        var informers = new InformerFactory(new InformerOptions(), time, new Random(1), NullLogger.Instance);
        var ocms = informers.Create(_onboarding, Api.Ocm, WatchScope.Everything, _ => { }, () => { });
        var watch = new PlatformWatch(_platform, An.Identity, informers, (_, _) => { }, _ => { }, () => { }, _stop.Token);
        var tenants = new Tenants(10, _ => 0);
        _controlPlanes = new ControlPlanes(
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => _controlPlane),
            _kubeconfigs,
            Api,
            informers,
            new InformerLimits(),
            new SharedMemory(long.MaxValue, "control planes"),
            _ => { },
            new ReadBudget(new ReadBudgetOptions(), time),
            _stop.Token);
        var executor = new PlanExecutor((ocm, step) => step.Cluster switch
        {
            TargetCluster.Platform => new StepTarget(_platform, watch.StoreOf(step.Kind)),
            TargetCluster.Onboarding => new StepTarget(_onboarding, ocms.Store),
            _ => new StepTarget(_controlPlane, _controlPlanes.Of(ocm)!.StoreOf(step)),
        });
        var metrics = TestMetrics.Create();
        _turns = new ControlPlaneTurns(
            executor, new ControlPlaneTurnOptions(), new WorkQueueOptions(), time, new Random(1), metrics.ControlPlaneQueue,
            _ => Interlocked.Increment(ref _ended), NullLogger.Instance);
        _revisions = new FleetRevisions(
            An.Identity, _platform, watch, tenants, ocms, (_, _) => { }, () => { }, time, NullLoggerFactory.Instance);
        var observer = new Observer(An.Identity, ocms, watch, _controlPlanes, ServerDefaults, time);
        _reconciler = new OcmReconciler(
            observer,
            _revisions.Of(observer),
            executor,
            new Reporter(_onboarding, An.Identity, ocms.Store, new ReportPace(10, time), time, NullLogger<Reporter>.Instance),
            _controlPlanes,
            _turns,
            tenants,
            new RateLimits<ObjectKey>(1, 1 / Timeout.TotalSeconds, time),
            new FleetReapply(),
            () => { },
            new Waits(),
            Timeout,
            metrics.Limits,
            NullLogger<OcmReconciler>.Instance);
        _ = watch.RunAsync();
        _ = ocms.RunAsync(_stop.Token);
        await Eventually.Async(
            () => ocms.State.IsSynced && watch.Informers.All(informer => informer.State.IsSynced), "the informers have synced");
        await ReconcileAsync();
        await Eventually.Async(() => _controlPlanes.Of(Ocm) is { ManagedObjects.IsKnown: true }, "the control plane is known");
        Assert.That(_platform.Writes, Is.Empty);
        _turns.Submit(Ocm, [ApplySecret()], new ControlPlaneSubmission(IsForced: false, KeepsForced: true, IsNews: true, QueuePriority.High));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _revisions.Dispose();
        _turns.Dispose();
        _answer.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task A_step_that_ends_after_the_control_plane_was_read_leaves_the_record_of_its_object()
    {
        StartTurn();
        _onObserved = EndTurn;

        await ReconcileAsync();

        await PrunesAsync();
    }

    [Test]
    public async Task A_step_that_begins_after_the_control_plane_was_read_leaves_the_record_of_its_object()
    {
        _onObserved = StartTurn;

        await ReconcileAsync();

        EndTurn();
        await PrunesAsync();
    }

    [Test]
    public async Task A_step_that_begins_and_ends_after_the_control_plane_was_read_leaves_the_record_of_its_object()
    {
        _onObserved = () =>
        {
            StartTurn();
            EndTurn();
        };

        await ReconcileAsync();

        await PrunesAsync();
    }

    [Test]
    public async Task Without_steps_the_record_of_objects_on_the_control_plane_is_removed()
    {
        await ReconcileAsync();

        Assert.That(_platform.Writes, Is.EqualTo([RemoveRecord]));
    }

    private static ApplyStep ApplySecret() => new(
        TargetCluster.ControlPlane,
        Kinds.Secret,
        KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = ObjectNames.ToolkitNamespace,
                ["name"] = "registry",
                ["uid"] = "u",
                ["resourceVersion"] = "200",
                ["labels"] = new JsonObject([.. ManagedObjects.Labels(Api).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))]),
            },
        }),
        new ApplyTarget.Common());

    // Nothing of the control plane is needed; the AccessRequest records that objects may be there.
    private void CreateObjects()
    {
        var complete = An.Observation().Complete();
        _onboarding.Has(Api.Ocm, complete.Ocm!);
        _platform.Has(Api.ProviderConfig, An.ProviderConfig("{}"));
        _platform.Has(Kinds.Namespace, complete.TenantNamespace!);
        _platform.Has(PlatformKinds.ClusterRequest, complete.ClusterRequest!);
        _platform.Has(PlatformKinds.AccessRequest, An.Observation().WithToolkitPullSecret().Complete().AccessRequest!);
        _platform.Has(PlatformKinds.OciRepository, complete.OciRepository!);
        _platform.Has(PlatformKinds.HelmRelease, complete.HelmRelease!);
        _kubeconfigs.Has(Kinds.Secret, KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = An.Tenant, ["name"] = Installed.KubeconfigSecret, ["resourceVersion"] = "1" },
            ["data"] = new JsonObject
            {
                ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(TestConnections.Config("server: https://one.example"))),
            },
        }));
    }

    // Observed after the control plane.
    private HashSet<string> ServerDefaults()
    {
        var onObserved = _onObserved;
        _onObserved = () => { };
        onObserved();
        return [];
    }

    private void StartTurn()
    {
        _ = _turns.RunAsync(_stop.Token);
        Assert.That(SpinWait.SpinUntil(() => _turns.IsBusy(Ocm), Timeout), "the step is being applied");
    }

    private void EndTurn()
    {
        _answer.Set();
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref _ended) > 0, Timeout), "the end of the step is reported");
    }

    private Task<ReconcileResult> ReconcileAsync() => _reconciler.ReconcileAsync(Ocm, Reasons, _stop.Token);

    private async Task PrunesAsync()
    {
        Assert.That(_platform.Writes, Is.Empty);
        await ReconcileAsync();
        await Eventually.Async(() => _controlPlane.Writes.Contains("delete Secret"), "the Secret is pruned");
        Assert.That(_platform.Writes, Is.Empty);
    }
}
