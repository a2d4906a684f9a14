using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>Tests that each have an API server of the sandbox with a stand-in that runs on it.</summary>
/// <param name="fieldManager">The stand-in's field manager.</param>
/// <param name="crds">The plurals of the kinds that the stand-in needs.</param>
[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public abstract class StandInFixture<TStandIn>(string fieldManager, params string[] crds) : IAsyncDisposable
    where TStandIn : StandInController
{
    private SandboxCluster? _platform;
    private TestKubernetesApi? _api;
    private TStandIn? _standIn;

    /// <summary>The server.</summary>
    internal SandboxCluster Platform => _platform!;

    /// <summary>The stand-in, which runs.</summary>
    protected TStandIn StandIn => _standIn!;

    [SetUp]
    public async Task Start()
    {
        _platform = new SandboxCluster("platform", TestUsers.All());
        await _platform.StartAsync(CancellationToken.None);
        await _platform.InstallCrdsAsync(crds);
        _api = new TestKubernetesApi(_platform, fieldManager);
        _standIn = Create(_api);
        _standIn.Start();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_standIn is not null)
        {
            await _standIn.DisposeAsync();
        }

        _api?.Dispose();
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }
    }

    protected abstract TStandIn Create(IKubernetesApi api);
}
