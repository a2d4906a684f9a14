using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Permissions that arrive late, on the sandbox.</summary>
[Category("Sandbox")]
public sealed class LatePermissionsTests() : LatePermissionsScenarios(() => ProviderWorld.InSandboxAsync(withPermissions: false))
{
    [Test]
    public async Task Without_a_setting_the_API_group_is_selected_when_permissions_have_arrived()
    {
        await using var worker = World.StartDetecting("run");

        await ArriveLateAsync(worker, "what decides on the API group");
    }
}
