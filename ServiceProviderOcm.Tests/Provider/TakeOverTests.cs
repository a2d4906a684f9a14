using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Take-over from the Go provider on the sandbox.</summary>
[Category("Sandbox")]
public sealed class TakeOverTests() : TakeOverScenarios(
    () => ProviderWorld.InSandboxAsync(new ProviderApi(ProviderApi.RenamedGroup)), ownsControlPlane: true)
{
    [Test]
    public Task An_adopted_copy_on_the_control_plane_keeps_its_type_and_has_only_the_credentials() => IsAdoptedAsync(isOnControlPlane: true);
}
