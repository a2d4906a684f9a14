using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Sends, in a plain loop and without any reads, the writes that bring a tenant to Ready.</summary>
public sealed class Floor : IDisposable
{
    public const int Concurrency = 10;

    private static readonly ChartInputs Inputs = new(
        new ChartSource(
            "oci://ghcr.io/open-component-model/kubernetes/controller/chart",
            ProviderWorld.PullSecretName,
            HelmValues.Of(JsonSerializer.SerializeToElement(new JsonObject { ["manager"] = new JsonObject { ["replicas"] = 1 } })),
            ToolkitPullSecrets: [],
            Errors: []),
        "0.3.0");

    private readonly ProviderWorld _world;
    private readonly Identity _identity;
    private readonly IConnectionSource _platformSource;
    private readonly IConnectionSource _onboardingSource;
    private readonly KubernetesApi _platform;
    private readonly KubernetesApi _onboarding;

    public Floor(ProviderWorld world)
    {
        _world = world;
        _identity = world.Identity;
        _platformSource = Source(world.Platform);
        _onboardingSource = Source(world.Onboarding);
        var metrics = TestMetrics.Create().Requests;
        _platform = new KubernetesApi("platform", _platformSource, ClientOptions.Default, TimeProvider.System, metrics);
        _onboarding = new KubernetesApi("onboarding", _onboardingSource, ClientOptions.Default, TimeProvider.System, metrics);
    }

    public async Task WriteAllAsync(IReadOnlyList<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var source = await _world.Platform.Api.GetAsync(
            Kinds.Secret, new ObjectKey(_world.PodNamespace, ProviderWorld.PullSecretName), cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, options, async (key, token) => await WriteAsync(key, source, token));
    }

    public void Dispose()
    {
        (_platformSource as IDisposable)?.Dispose();
        (_onboardingSource as IDisposable)?.Dispose();
    }

    private async Task WriteAsync(ObjectKey key, KubeObject source, CancellationToken cancellationToken)
    {
        var tenant = ProviderWorld.TenantNamespace(key);
        var access = Manifests.AccessRequest(_identity, key, tenant);
        var kubeconfig = ClusterProviderStandIn.SecretOf(access.Key).Name;
        var finalizer = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray(_identity.Api.Finalizer) } };
        var ocm = await _onboarding.MergePatchAsync(
            _identity.Api.Ocm, key, JsonSerializer.SerializeToElement(finalizer), null, cancellationToken);
        await _platform.ApplyAsync(PlatformKinds.AccessRequest, access, isForced: true, cancellationToken);
        await _platform.ApplyAsync(Kinds.Secret, Manifests.SecretCopy(_identity, key, tenant, source), isForced: true, cancellationToken);
        await _platform.ApplyAsync(PlatformKinds.OciRepository, Manifests.OciRepository(_identity, key, tenant, Inputs, CaBundle.None), isForced: true, cancellationToken);
        await _platform.ApplyAsync(PlatformKinds.HelmRelease, Manifests.HelmRelease(_identity, key, tenant, Inputs, kubeconfig, CaBundle.None), isForced: true, cancellationToken);
        var report = StatusReport.Of(
            new Observation
            {
                Identity = _identity,
                Now = TimeProvider.System.GetUtcNow(),
                Ocm = ocm,
                TenantNamespaceName = tenant,
                Config = InstallConfig.Missing(_identity),
            },
            new ReadyStatus(OcmState.Ready, "floor"));
        await _onboarding.MergePatchAsync(_identity.Api.Ocm, key, report.StatusPatch, "status", cancellationToken);
        if (report.ReadyEvent is { } @event)
        {
            await _onboarding.CreateAsync(Kinds.Event, @event, cancellationToken);
        }
    }

    private IConnectionSource Source(TestCluster cluster) => ConnectionSources.Platform(
        ClientOptions.Connection with { KubeconfigPath = _world.KubeconfigFile(cluster) }, TimeProvider.System, NullLoggerFactory.Instance);
}
