using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>OCMs of one API group are moved to the other on real API servers.</summary>
[Category("RealServer")]
public sealed class MigrationRealTests() : MigrationFixture(
    () => ProviderWorld.OnSharedServersAsync(), api => new ProviderApi($"former.{api.Group}"), ownsControlPlane: false)
{
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(11)]
    public async Task A_migration_that_is_killed_is_completed_by_the_next_run(int writes)
    {
        await InstalledAsync();
        World.StartController();

        await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(writes), Timeout));
        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        await AssertMovedAsync(Ocm, Release);
    }
}
