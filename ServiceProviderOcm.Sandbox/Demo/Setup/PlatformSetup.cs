using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Setup;

/// <summary>Creates what exists on a real platform before the provider runs.</summary>
internal sealed class PlatformSetup(ClusterApis clusters, ProviderApi served, TimeProvider time)
{
    /// <summary>The name of the ProviderConfig in the samples, and of the ServiceProvider.</summary>
    public const string ProviderName = "ocm";

    /// <summary>The provider's own namespace, which is that of the sample pull secret.</summary>
    public const string ProviderNamespace = "openmcp-system";

    private readonly CrdInstaller _definitions = new(
        new InformerFactory(new InformerOptions(), time, Random.Shared, NullLogger.Instance), time, NullLogger<CrdInstaller>.Instance);

    /// <summary>The kinds of the platform, of Flux and of the toolkit.</summary>
    /// <param name="definitions">What <see cref="PlatformCrds.Read"/> returns.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task InstallDefinitionsAsync(IReadOnlyDictionary<string, KubeObject> definitions, CancellationToken cancellationToken) => Task.WhenAll(
    [
        .. PlatformCrds.OfPlatform.Select(plural => _definitions.InstallAsync(clusters.Platform, definitions[plural], cancellationToken)),
        .. PlatformCrds.OfControlPlane.Select(plural => _definitions.InstallAsync(clusters.ControlPlane, definitions[plural], cancellationToken)),
    ]);

    /// <summary>The namespace of the provider, and its ServiceProvider, as openmcp-operator has them.</summary>
    public async Task AddProviderAsync(CancellationToken cancellationToken)
    {
        await AddNamespaceAsync(clusters.Platform, ProviderNamespace, cancellationToken);
        await clusters.Platform.ApplyAsync(
            PlatformKinds.ServiceProvider,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = ProviderName },
                ["spec"] = new JsonObject { ["image"] = "sandbox" },
            },
            cancellationToken);
    }

    /// <summary>The ProviderConfig and its pull secret.</summary>
    public async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        await clusters.Platform.ApplyAsync(Kinds.Secret, Samples.PullSecret, isForced: true, cancellationToken);
        await clusters.Platform.ApplyAsync(served.ProviderConfig, Samples.ProviderConfig, isForced: true, cancellationToken);
    }

    /// <summary>The namespaces and ClusterRequests of three control planes, and their OCMs; and a project without a control plane.</summary>
    public async Task AddTenantsAsync(CancellationToken cancellationToken)
    {
        await AddNamespaceAsync(clusters.Onboarding, Samples.Ocm.Namespace, cancellationToken);
        foreach (var ocm in Samples.Ocms)
        {
            await AddControlPlaneAsync(ocm.Key, cancellationToken);
            await clusters.Onboarding.ApplyAsync(served.Ocm, ocm, isForced: true, cancellationToken);
        }
    }

    /// <summary>The namespaces of a control plane and its ClusterRequest, as the platform creates them.</summary>
    /// <param name="ocm">Namespace and name of the control plane, and of its OCM.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task AddControlPlaneAsync(ObjectKey ocm, CancellationToken cancellationToken)
    {
        var tenantNamespace = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        await AddNamespaceAsync(clusters.Onboarding, ocm.Namespace, cancellationToken);
        await AddNamespaceAsync(clusters.Platform, tenantNamespace, cancellationToken);
        await clusters.Platform.ApplyAsync(
            PlatformKinds.ClusterRequest,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = tenantNamespace, ["name"] = ocm.Name },
                ["spec"] = new JsonObject { ["purpose"] = "mcp" },
            },
            cancellationToken);
    }

    private static Task<KubeObject> AddNamespaceAsync(IKubernetesApi api, string name, CancellationToken cancellationToken) =>
        api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, cancellationToken);
}
