using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Take-over from the Go provider on the sandbox.</summary>
[Category("Sandbox")]
public sealed class TakeOverTests() : TakeOverScenarios(
    () => ProviderWorld.InSandboxAsync(new ProviderApi(ProviderApi.RenamedGroup)), ownsControlPlane: true)
{
    [Test]
    public Task An_adopted_copy_on_the_control_plane_keeps_its_type_and_has_only_the_credentials() => IsAdoptedAsync(isOnControlPlane: true);

    [Test]
    public async Task A_rollback_with_an_Opaque_source_succeeds_once_the_copies_that_the_check_names_are_deleted()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.OpaqueType);
        await World.ConfigureAsync(Config());
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName };

        var rejected = await Assert.ThrowsAsync<KubernetesApiException>(() => go.WriteAsync(ocm));
        var before = await CheckAsync();
        await World.Platform.Api.DeleteAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm));
        await go.WriteAsync(ocm);
        var after = await CheckAsync();

        Assert.That((rejected!.Code, before.Status, after.Status), Is.EqualTo((422, CheckStatus.Failed, CheckStatus.Ok)));
        Assert.That(before.Message, Does.Contain($"{ProviderWorld.SecretCopy(ocm)}"));

        async Task<CheckResult> CheckAsync() => (await RollbackChecks.RunAsync(World.Identity, World.Platform.Api, onboarding: null, default))
            .Single(result => result.Name == "rollback: types of Secret copies");
    }

    [TestCase("two", 0)]
    [TestCase("three", 1)]
    public async Task What_the_Go_provider_has_installed_since_is_not_reverted_to_what_was_installed_before_it(string newest, int changes)
    {
        await World.ConfigureAsync(Leveled("one"));
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        using (var go = new GoProvider(World) { Values = new JsonObject { ["level"] = "two" } })
        using (var other = new GoProvider(World) { Values = new JsonObject { ["level"] = "other" } })
        {
            // Times of managedFields are whole seconds.
            await Eventually.Async(
                async () =>
                {
                    await other.WriteAsync(ocm);
                    await go.WriteAsync(ocm);
                    var release = await ReleaseAsync();
                    var times = release.Json.Items("metadata", "managedFields")
                        .Where(entry => entry.Text("manager") == GoWriter.Name)
                        .ToLookup(entry => entry.Text("operation"), entry => entry.Moment("time"));
                    return release.Text("spec", "values", "level") == "two" && times["Update"].Max() > times["Apply"].Max();
                },
                "the Go provider has written last");
        }

        await World.ConfigureAsync(Leveled(newest));
        var before = await ReleaseAsync();
        World.StartController();
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("Progressing").Text("reason") == "NewRevisionAvailable"
                && config.Json.Number("status", "observedGeneration") == config.Generation
                && config.Json.Number("status", "ocms", "ready") == 1,
            "the newest revision is rolled out");

        var after = await ReleaseAsync();
        Assert.That((after.Text("spec", "values", "level"), after.Generation - before.Generation), Is.EqualTo((newest, changes)));

        Task<KubeObject> ReleaseAsync() => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

        static JsonObject Leveled(string level) => new()
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = level },
        };
    }
}
