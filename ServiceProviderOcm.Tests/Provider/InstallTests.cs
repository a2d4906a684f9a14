using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Provider;

[Category("RealServer")]
public sealed class InstallTests
{
    [Test]
    public async Task An_OCM_becomes_Ready()
    {
        await using var world = await ProviderWorld.RunningAsync();
        var key = await world.ReadyTenantAsync();
        await TestContext.Out.WriteLineAsync((await world.Onboarding.Api.GetAsync(world.Api.Ocm, key, default)).Json.ToString());
    }
}
