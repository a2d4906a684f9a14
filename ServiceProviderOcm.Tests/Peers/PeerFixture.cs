using System.Text.Json.Nodes;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Cases with the real programs, each on API servers of its own. Without a program, its cases are skipped.</summary>
/// <param name="api">The API group; the default one unless another is named.</param>
[Category("Peers")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class PeerFixture(ProviderApi? api = null)
{
    /// <summary>Real programs take longer than stand-ins: the Go provider polls every 10 s, helm-controller's interval is a minute.</summary>
    protected static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(3);

    private static readonly ResourceKind[] Managed =
        [PlatformKinds.HelmRelease, PlatformKinds.OciRepository, PlatformKinds.AccessRequest, Kinds.Secret];

    private PeerWorld? _peers;

    protected PeerWorld Peers => _peers ?? throw new InvalidOperationException("there is a world only within a test");

    protected ProviderWorld World => Peers.Provider;

    protected ObjectKey Ocm => World.Ocm();

    [SetUp]
    public async Task CreateWorldAsync() => _peers = await PeerWorld.StartAsync(api);

    [TearDown]
    public async Task DisposeWorldAsync()
    {
        if (_peers is null)
        {
            return;
        }

        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            await TestContext.Out.WriteLineAsync(_peers.Logs());
        }

        await _peers.DisposeAsync();
    }

    /// <summary>What a provider has written for an OCM on the platform cluster, by identity and generation.</summary>
    protected async Task<IReadOnlyList<string>> ManagedAsync(ObjectKey ocm)
    {
        List<string> all = [];
        foreach (var kind in Managed)
        {
            var found = (await World.Platform.Api.ListAllAsync(kind)).Where(item => item.Namespace == ProviderWorld.TenantNamespace(ocm));
            all.AddRange(found.Select(item => $"{kind.Kind} {item.Name} {item.Uid} {item.Generation}"));
        }

        return all;
    }

    protected Task<KubeObject> ReleaseAsync(ObjectKey ocm) =>
        World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

    /// <summary>Waits until an OCM of a group is Ready, whichever provider reports it.</summary>
    protected Task<KubeObject> ReadyAsync(ProviderApi group, ObjectKey ocm) => Eventually.Async(
        () => World.Onboarding.Api.GetAsync(group.Ocm, ocm, default),
        found => found.ReadyCondition.Text("status") == "True" && found.Json.Number("status", "observedGeneration") == found.Generation,
        $"OCM {ocm} of {group.Group} is Ready",
        LongTimeout);

    /// <summary>Registers a ServiceProvider, as a platform operator does.</summary>
    protected async Task ServiceProviderAsync(JsonObject? spec = null)
    {
        spec ??= [];
        spec["image"] = "registry.example.com/service-provider-ocm:1.0.0";
        await World.Platform.Api.ApplyAsync(
            PlatformKinds.ServiceProvider,
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = World.ProviderName }, ["spec"] = spec });
    }
}
