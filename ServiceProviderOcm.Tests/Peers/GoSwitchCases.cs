using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Switching from the Go provider where something is different from the usual: the group, the copies, the moment.</summary>
/// <param name="hasRealFlux">Whether Flux is real.</param>
/// <param name="hasRealGo">Whether the Go provider is real, or what it writes is replayed.</param>
public abstract class GoSwitchCases(bool hasRealFlux, bool hasRealGo) : GoFixture(hasRealFlux, hasRealGo)
{
    [Test]
    public async Task After_a_failed_swap_of_the_image_alone_the_group_of_the_OCMs_is_served()
    {
        var release = await InstalledByGoAsync();
        await StopGoAsync();

        // As the init of an earlier release leaves it: definitions of the other group, registered in place of the former.
        await World.Clusters.InstallDefinitionsAsync(Default);
        await World.Platform.Api.UpdateStatusAsync(
            PlatformKinds.ServiceProvider,
            ObjectKey.ClusterScoped(World.ProviderName),
            new JsonObject
            {
                ["observedGeneration"] = 1,
                ["resources"] = new JsonArray(new JsonObject { ["group"] = Default.Group, ["version"] = "v1alpha1", ["kind"] = "OCM" }),
            });

        await using var worker = await StartWorkerAsync();
        await AdoptedAsync();

        await World.ReadyAsync(Ocm);
        Assert.That(await RegisteredAsync(), Is.EqualTo([World.Api.Group]));
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
    }

    [Test]
    public async Task With_installed_OCMs_of_both_groups_only_a_setting_decides()
    {
        await InstalledByGoAsync();
        await StopGoAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await InstalledInAsync(Default, World.Ocm("mcp-02"));

        await using (var init = World.StartDetecting("init"))
        {
            Assert.That(await init.EndAsync(), Is.Not.Zero);
            Assert.That(string.Join('\n', init.Errors), Does.Contain(Default.Group).And.Contain(World.Api.Group).And.Contain("--api-group"));
        }

        await using var worker = await StartWorkerAsync($"--api-group={World.Api.Group}");
        await AdoptedAsync();
        await World.ReadyAsync(Ocm);
    }

    [TestCase(Manifests.PullSecretType)]
    [TestCase(Manifests.OpaqueType)]
    public async Task Copies_without_labels_are_adopted_with_their_type_and_no_OCM_leaves_Ready(string type)
    {
        await RecreateSourceAsync(type);
        await InstalledByGoAsync();
        await StopGoAsync();
        using var states = new ReadyStates(World, Ocm);

        await using var worker = await StartWorkerAsync();
        await AdoptedAsync();

        var tenant = await LabelledAsync(World.Platform, ProviderWorld.SecretCopy(Ocm));
        var placed = await LabelledAsync(World.Mcp, new ObjectKey(ObjectNames.ToolkitNamespace, ProviderWorld.PullSecretName));
        Assert.That((tenant.Text("type"), placed.Text("type")), Is.EqualTo((type, type)));
        await World.ReadyAsync(Ocm);
        Assert.That(await states.SeenAsync(), Is.All.EqualTo("True"));
    }

    [Test]
    public async Task A_migration_that_is_killed_while_the_old_controller_runs_is_resumed()
    {
        var release = await InstalledByGoAsync();
        await StopGoAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await using var old = await StartWorkerAsync();
        await AdoptedAsync();
        await World.ReadyAsync(Ocm);
        string[] arguments =
        [
            $"--from={World.Api.Group}", $"--to={Default.Group}", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}",
            $"--kubeconfig={World.KubeconfigFile(World.Platform)}",
        ];

        await using (var dryRun = World.StartDetecting("migrate", arguments))
        {
            Assert.That(await dryRun.EndAsync(), Is.Zero);
            Assert.That(dryRun.Errors, Has.Some.Contains("This was a dry run"));
        }

        Assert.That((await World.Onboarding.Api.GetAsync(World.Api.Ocm, Ocm, default)).Annotations, Is.Empty);
        await using (var killed = World.StartDetecting("migrate", [.. arguments, "--yes", "--timeout=1m"]))
        {
            await Eventually.Async(
                async () => await World.Onboarding.Api.FindAsync(Default.Ocm, Ocm) is not null, "the OCM is copied", LongTimeout);
            await killed.KillAsync();
            await killed.EndAsync();
        }

        await MigrateAsync(World.Api, Default);

        Assert.That(await RegisteredAsync(), Is.EqualTo([Default.Group]));
        Assert.That((await ReleaseAsync(Ocm)).Uid, Is.EqualTo(release.Uid));
    }

    [Test]
    public async Task Check_before_a_rollback_reports_what_the_Go_provider_would_lose()
    {
        await InstalledByGoAsync();
        await StopGoAsync();
        await using (var worker = await StartWorkerAsync())
        {
            await AdoptedAsync();
            await World.ReadyAsync(Ocm);
        }

        await using var check = World.StartDetecting(
            "check", "--before-rollback", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");

        await check.EndAsync();
        Assert.That(check.Output, Has.Some.Contains("rollback: API group").And.None.StartsWith("FAIL rollback"));
        Assert.That(check.Output, Has.Some.StartsWith("warn rollback: access to the onboarding cluster"));
    }

    private static Task<KubeObject> LabelledAsync(TestCluster cluster, ObjectKey key) => Eventually.Async(
        () => cluster.Api.GetAsync(Kinds.Secret, key, default),
        secret => secret.Labels.ContainsKey(ObjectNames.ManagedByLabel),
        $"Secret {key} is adopted",
        LongTimeout);

    // The type of a Secret cannot be changed.
    private async Task RecreateSourceAsync(string type)
    {
        var key = new ObjectKey(World.PodNamespace, ProviderWorld.PullSecretName);
        var source = await World.Platform.Api.GetAsync(Kinds.Secret, key, default);
        await World.Platform.Api.DeleteAsync(Kinds.Secret, key);
        await World.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
            ["type"] = type,
            ["data"] = JsonNode.Parse(source.At("data")!.Value.GetRawText()),
        });
    }

    // An OCM counts as installed by its AccessRequest.
    private async Task InstalledInAsync(ProviderApi api, ObjectKey ocm)
    {
        await World.ControlPlaneAsync(ocm);
        await World.Onboarding.Api.ApplyAsync(api.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = ocm.Namespace, ["name"] = ocm.Name },
            ["spec"] = new JsonObject { ["version"] = Older },
        });
        var labels = ObjectNames.AccessRequestLabels(api, ocm).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value));
        await World.Platform.Api.ApplyAsync(PlatformKinds.AccessRequest, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = ProviderWorld.TenantNamespace(ocm),
                ["name"] = ObjectNames.AccessRequest(api, ocm.Name),
                ["labels"] = new JsonObject(labels),
            },
            ["spec"] = new JsonObject
            {
                ["requestRef"] = new JsonObject { ["namespace"] = ProviderWorld.TenantNamespace(ocm), ["name"] = ocm.Name },
            },
        });
    }
}
