using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Where the API group matters, with the renamed one; all else is tested with the default group.</summary>
public sealed class RenamedGroupTests() : ProviderFixture(new ProviderApi(ProviderApi.RenamedGroup))
{
    [Test]
    public async Task An_OCM_of_the_renamed_group_is_installed_repaired_and_deleted_with_its_names()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject
        {
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = ToolkitValues.WithPullSecret(),
        });
        World.StartController();
        await World.ReadyTenantAsync();

        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default);
        var access = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, World.AccessRequest(Ocm), default);
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(Ocm), default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ocm.Finalizers, Is.EqualTo([$"{ProviderApi.RenamedGroup}/finalizer"]));
            Assert.That(access.Name, Is.EqualTo(ObjectNames.AccessRequest(Api, Ocm.Name)));
            Assert.That(access.Labels[ObjectNames.ManagedByLabel], Is.EqualTo(ProviderApi.RenamedGroup));
            Assert.That(release.Labels[ObjectNames.ManagedByLabel], Is.EqualTo(ProviderApi.RenamedGroup));
            Assert.That(await World.PlacedAsync(), Is.EqualTo([$"Secret {ProviderWorld.PullSecretName}"]));
        }

        await World.Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, release.Key);
        await Eventually.Async(
            () => World.Platform.Api.FindAsync(PlatformKinds.HelmRelease, release.Key),
            again => again is not null && again.Uid != release.Uid,
            "the HelmRelease is created again");

        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left on the platform cluster");
        Assert.That(await World.PlacedAsync(), Is.Empty);
    }

    [Test]
    [Category("Worker")]
    public async Task The_Worker_serves_the_renamed_group_with_the_permissions_of_deploy()
    {
        await using var init = World.StartStandaloneInit();
        Assert.That((await init.EndAsync(), init.Errors.Count), Is.EqualTo((0, 0)));
        await World.ConfigureAsync();
        await using var worker = World.StartWorker();

        await World.ReadyTenantAsync();
        await using var check = World.StartInspection("check");
        Assert.That(await check.EndAsync(), Is.Zero, string.Join('\n', check.Output));
        await using var status = World.StartInspection("status");
        Assert.That(await status.EndAsync(), Is.Zero, string.Join('\n', status.Errors));

        Assert.That(status.Output, Has.Some.Contain(Ocm.Name).And.Some.Contain("Ready"));
        Assert.That(await worker.TerminateAsync(), Is.Zero);
    }
}
