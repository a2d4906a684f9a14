using System.Security.Cryptography.X509Certificates;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Sandbox.Demo.Clusters;

/// <summary>The clusters of a service provider.</summary>
internal sealed class LocalClusters : IAsyncDisposable
{
    private const string FieldManager = "sandbox";

    private LocalClusters()
    {
    }

    /// <summary>The cluster of the provider, its configuration and the Flux objects.</summary>
    public LocalCluster Platform { get; private set; } = null!;

    /// <summary>The cluster of the OCMs.</summary>
    public LocalCluster Onboarding { get; private set; } = null!;

    /// <summary>The control plane, which the tenants share here.</summary>
    public LocalCluster ControlPlane { get; private set; } = null!;

    /// <summary>The client of the sandbox for <see cref="Platform"/>.</summary>
    public IKubernetesApi PlatformApi { get; private set; } = null!;

    /// <summary>The client of the sandbox for <see cref="Onboarding"/>.</summary>
    public IKubernetesApi OnboardingApi { get; private set; } = null!;

    /// <summary>The client of the sandbox for <see cref="ControlPlane"/>.</summary>
    public IKubernetesApi ControlPlaneApi { get; private set; } = null!;

    /// <summary>The clients of the sandbox for all of them.</summary>
    public ClusterApis Apis => new(PlatformApi, OnboardingApi, ControlPlaneApi);

    /// <summary>Starts them, with their kubeconfigs in a folder.</summary>
    public static async Task<LocalClusters> StartAsync(SandboxFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var clusters = new LocalClusters();
        var loaded = OperatingSystem.IsLinux() ? Task.Run(LoadTrustedCertificates, cancellationToken) : Task.CompletedTask;
        try
        {
            // One after the other: in parallel, they wait for the same code to be compiled.
            clusters.Platform = await StartAsync("platform");
            clusters.Onboarding = await StartAsync("onboarding");
            clusters.ControlPlane = await StartAsync("mcp");
            await loaded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch
        {
            await clusters.DisposeAsync();
            throw;
        }

        clusters.PlatformApi = clusters.Platform.Connect(FieldManager);
        clusters.OnboardingApi = clusters.Onboarding.Connect(FieldManager);
        clusters.ControlPlaneApi = clusters.ControlPlane.Connect(FieldManager);
        return clusters;

        Task<LocalCluster> StartAsync(string name) => LocalCluster.StartAsync(name, folder, time, cancellationToken);
    }

    // On Linux, .NET reads them once per process, when the first server builds the chain of its certificate: 0.1 s.
    private static void LoadTrustedCertificates()
    {
        using var roots = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        foreach (var root in roots.Certificates)
        {
            root.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // After a failure, only some have started.
        foreach (var cluster in ((LocalCluster?[])[Platform, Onboarding, ControlPlane]).OfType<LocalCluster>())
        {
            await cluster.DisposeAsync();
        }
    }
}
