using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Tests with a world of its own for each, and one API group.</summary>
[Category("RealServer")]
public abstract class ProviderFixture(ProviderApi api)
{
    private ProviderWorld? _world;

    protected ProviderApi Api { get; } = api;

    protected ProviderWorld World => _world ?? throw new InvalidOperationException("there is a world only within a test");

    /// <summary>The OCM that most tests are about; it does not exist yet.</summary>
    protected ObjectKey Ocm => World.Ocm();

    [SetUp]
    public async Task CreateWorldAsync() => _world = await ProviderWorld.CreateAsync(Api);

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
