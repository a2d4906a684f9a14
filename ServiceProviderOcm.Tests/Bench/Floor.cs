using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Tests.Provider;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>Sends, in a plain loop and without looking, the writes that bring a tenant to Ready.</summary>
public sealed class Floor : IDisposable
{
    public const int Concurrency = 10;

    private static readonly ChartInputs Inputs = new(
        "oci://ghcr.io/open-component-model/kubernetes/controller/chart",
        "0.3.0",
        ProviderWorld.PullSecretName,
        JsonSerializer.SerializeToElement(new JsonObject { ["manager"] = new JsonObject { ["replicas"] = 1 } }));

    private readonly ProviderWorld _world;
    private readonly Identity _identity;
    private readonly IConnectionSource _platformSource;
    private readonly IConnectionSource _onboardingSource;
    private readonly KubernetesApi _platform;
    private readonly KubernetesApi _onboarding;

    public Floor(ProviderWorld world)
    {
        _world = world;
        _identity = new Identity(world.Api, ProviderWorld.ProviderName, ProviderWorld.PodNamespace);
        _platformSource = Source(world.Platform);
        _onboardingSource = Source(world.Onboarding);
        var metrics = TestMetrics.Create().Requests;
        _platform = new KubernetesApi("platform", _platformSource, new KubernetesApiOptions(), TimeProvider.System, metrics);
        _onboarding = new KubernetesApi("onboarding", _onboardingSource, new KubernetesApiOptions(), TimeProvider.System, metrics);
    }

    public async Task WriteAllAsync(IReadOnlyList<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var source = await _world.Platform.Api.GetAsync(
            Kinds.Secret, new ObjectKey(ProviderWorld.PodNamespace, ProviderWorld.PullSecretName), cancellationToken);
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
        await _platform.ApplyAsync(Kinds.AccessRequest, access, isForced: true, cancellationToken);
        await _platform.ApplyAsync(Kinds.Secret, Manifests.SecretCopy(_identity, key, tenant, source), isForced: true, cancellationToken);
        await _platform.ApplyAsync(Kinds.OciRepository, Manifests.OciRepository(_identity, key, tenant, Inputs), isForced: true, cancellationToken);
        await _platform.ApplyAsync(Kinds.HelmRelease, Manifests.HelmRelease(_identity, key, tenant, Inputs, kubeconfig), isForced: true, cancellationToken);
        var report = StatusReport.Of(
            new Observation { Identity = _identity, Now = TimeProvider.System.GetUtcNow(), Ocm = ocm, TenantNamespaceName = tenant },
            Verdict.Ready("floor"))!;
        await _onboarding.MergePatchAsync(_identity.Api.Ocm, key, report.StatusPatch, "status", cancellationToken);
        await _onboarding.CreateAsync(Kinds.Event, report.Event!, cancellationToken);
    }

    private IConnectionSource Source(TestCluster cluster) => ConnectionSources.Platform(
        new ConnectionOptions { KubeconfigPath = _world.KubeconfigFile(cluster) }, TimeProvider.System, NullLoggerFactory.Instance);
}
