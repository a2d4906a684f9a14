using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Tests that run in parallel, each with a world of its own.</summary>
/// <param name="create">Makes the world of a test.</param>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public abstract class WorldFixture(Func<Task<ProviderWorld>> create)
{
    private ProviderWorld? _world;

    protected ProviderWorld World => _world ?? throw new InvalidOperationException("there is a world only within a test");

    protected ProviderApi Api => World.Api;

    /// <summary>The OCM that most tests are about; it does not exist yet.</summary>
    protected ObjectKey Ocm => World.Ocm();

    [SetUp]
    public async Task CreateWorldAsync() => _world = await create();

    [TearDown]
    public async Task DisposeWorldAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
            _world = null;
        }
    }
}
