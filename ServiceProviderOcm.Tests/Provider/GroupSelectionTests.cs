using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker without a setting for the API group, where the Go provider has served the renamed one.</summary>
[Category("Worker")]
public sealed class GroupSelectionTests() : ProviderFixture(new ProviderApi(ProviderApi.RenamedGroup))
{
    private static readonly ProviderApi Default = new(ProviderApi.DefaultGroup);

    private ObjectKey ServiceProvider => ObjectKey.ClusterScoped(World.ProviderName);

    [SetUp]
    public async Task Start()
    {
        await World.Platform.InstallCrdsAsync("serviceproviders");
        await World.Platform.Api.ApplyAsync(PlatformKinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = World.ProviderName },
            ["spec"] = new JsonObject { ["image"] = "registry.example.com/service-provider-ocm:1.0.0" },
        });
    }

    [Test]
    public async Task A_swap_of_the_image_continues_with_the_group_of_the_existing_OCMs()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await RegisterAsync(Api);

        await InitAsync();
        await using var worker = World.StartDetecting("run");

        await World.ReadyAsync(ocm);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
            Assert.That(await DefinitionAsync(World.Onboarding, Default.Ocm), Is.Null);
            Assert.That(worker.Output, Has.Some.Contains($"API group {Api.Group} is served: 1 OCM of it exist"));
        }
    }

    [Test]
    public async Task A_failed_swap_is_recognized_and_its_access_is_replaced()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        await go.InstalledAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await RegisterAsync(Default);

        await InitAsync();

        var requests = (await World.Platform.Api.ListAllAsync(PlatformKinds.AccessRequest)).Select(request => request.Name).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
            Assert.That(requests, Has.Member($"{Api.Group}--onboarding-init").And.No.Member($"{Default.Group}--onboarding-init"));
        }

        await using var check = World.StartDetecting("check");
        await check.EndAsync();
        Assert.That(check.Output, Has.Some.StartsWith($"ok   API group: {Api.Group} is served: "));
    }

    [Test]
    public async Task Both_groups_in_use_are_an_error_with_instructions()
    {
        using var go = new GoProvider(World);
        await go.InstalledAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await World.Onboarding.Api.ApplyAsync(Default.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Ocm.Namespace, ["name"] = "other" },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        });

        await using var init = World.StartDetecting("init");
        await using var run = World.StartDetecting("run");

        Assert.That((await init.EndAsync(), await run.EndAsync()), Is.EqualTo((1, 1)));
        Assert.That(init.Errors.Single(), Does.StartWith("More than one API group is in use: 1 OCM of").And.Contain("migrate --from"));
        Assert.That(run.Output, Has.Some.Contains("More than one API group is in use"));
        await using var check = World.StartDetecting("check", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");
        Assert.That(await check.EndAsync(), Is.EqualTo(1));
        Assert.That(check.Output, Has.Some.Contains("API group: More than one API group is in use"));
    }

    [Test]
    public async Task Without_OCMs_the_registration_decides_and_the_rules_of_the_access_cover_both_groups()
    {
        await RegisterAsync(Api);

        await InitAsync();

        var key = OnboardingRequests.Key(World.Identity, OnboardingPurpose.Init);
        var access = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
        Assert.That(
            access.Json.Items("spec", "token", "permissions").Single().Items("rules").Select(rule => rule.Items("apiGroups").Single().GetString()),
            Is.SupersetOf(ProviderApi.KnownGroups));
    }

    private async Task InitAsync()
    {
        await using var init = World.StartDetecting("init");
        Assert.That((await init.EndAsync(), string.Join('\n', init.Errors)), Is.EqualTo((0, "")));
    }

    private Task RegisterAsync(ProviderApi api) => World.Platform.Api.UpdateStatusAsync(
        PlatformKinds.ServiceProvider,
        ServiceProvider,
        new JsonObject
        {
            ["observedGeneration"] = 1,
            ["resources"] = new JsonArray(new JsonObject { ["group"] = api.Group, ["version"] = "v1alpha1", ["kind"] = "OCM" }),
        });

    private async Task<IEnumerable<string?>> RegisteredAsync() =>
        (await World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, ServiceProvider, default)).Json
            .Items("status", "resources").Select(resource => resource.Text("group"));

    private static Task<KubeObject?> DefinitionAsync(TestCluster cluster, ResourceKind kind) =>
        cluster.Api.FindAsync(Kinds.CustomResourceDefinition, ObjectKey.ClusterScoped(kind.QualifiedPlural));
}
