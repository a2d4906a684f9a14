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

        var requests = await Eventually.Async(
            async () => (await World.Platform.Api.ListAllAsync(PlatformKinds.AccessRequest)).ToList(),
            found => !found.Exists(request => request.IsBeingDeleted),
            "requests that are deleted are finalized");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
            Assert.That(requests.Select(request => request.Name), Has.Member($"{Api.Group}--onboarding-init").And.No.Member($"{Default.Group}--onboarding-init"));
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
        using var other = new GoProvider(World, Default);
        await other.InstalledAsync("other");

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
    public async Task OCMs_that_tenants_create_in_another_group_stop_neither_a_take_over_nor_a_restart()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await RegisterAsync(Default);
        await OtherOcmsAsync("other-1", "other-2");

        await InitAsync();
        await using (var worker = World.StartDetecting("run"))
        {
            await World.ReadyAsync(ocm);
            await ReportedAsync("2 OCMs of ocm.services.openmcp.cloud exist and are not reconciled");
            Assert.That(worker.Output, Has.Some.Contains("2 OCMs of ocm.services.openmcp.cloud exist and are not reconciled"));
        }

        // All OCMs of the group are gone, and only such as a tenant has created in the other one are left.
        await World.Onboarding.Api.MergePatchAsync(
            Api.Ocm, ocm, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.Onboarding.Api.DeleteAsync(Api.Ocm, ocm);
        await OtherOcmsAsync("other-3");
        await InitAsync();
        await using var restarted = World.StartDetecting("run");
        await restarted.LogsAsync($"API group {Api.Group} is served: this provider has served it before");

        await using var check = World.StartDetecting("check");
        await check.EndAsync();
        Assert.That(check.Output, Has.Some.StartsWith($"warn API group: {Api.Group} is served: this provider has served it before"));
        Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
    }

    [Test]
    public async Task The_access_of_another_group_is_not_removed_while_a_leader_of_that_group_works_with_it()
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        var ocm = await go.InstalledAsync();
        await World.Clusters.InstallDefinitionsAsync(Default);
        await RegisterAsync(Default);
        var access = OnboardingRequests.Key(World.Identity with { Api = Default }, OnboardingPurpose.Run(Default));
        // openmcp-operator gives all permissions.
        string[] arguments = ["--leader-elect=true", $"--kubeconfig={World.KubeconfigFile(World.Platform)}"];
        await using var leader = World.StartDetecting("run", [$"--api-group={Default.Group}", .. arguments]);
        await leader.LogsAsync("Acquired Lease");

        await using var other = World.StartDetecting("run", arguments);
        await other.LogsAsync("which is removed when Lease");

        await World.ReadyAsync(ocm);
        Assert.That(await World.Platform.Api.FindAsync(PlatformKinds.AccessRequest, access), Is.Not.Null);
        await leader.TerminateAsync();
        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(PlatformKinds.AccessRequest, access) is null, "the access is removed");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_may_not_be_read_is_retried_and_not_taken_for_missing(bool isOnPlatform)
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        await go.InstalledAsync();

        await using var run = World.StartDetecting(
            "run",
            "--onboarding-timeout=10s",
            $"--kubeconfig={World.KubeconfigFile(World.Platform, isOnPlatform ? TestUsers.Nobody : ServerUser.AdminName)}",
            $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, isOnPlatform ? ServerUser.AdminName : TestUsers.Nobody)}");

        Assert.That(await run.EndAsync(), Is.EqualTo(1));
        Assert.That(run.Output, Has.Some.Contains("failed and is retried: What exists of the API groups could not be read"));
        Assert.That(run.Output.Last(line => line.Contains("could not be read", StringComparison.Ordinal)), Does.Contain("or set --api-group"));
        Assert.That(run.Output, Has.None.Contains("is served"));
    }

    [TestCase("status")]
    [TestCase("cleanup")]
    [TestCase("check")]
    public async Task A_command_fails_and_says_what_may_not_be_read(string command)
    {
        using var go = new GoProvider(World);
        await World.ConfigureAsync();
        await go.InstalledAsync();

        await using var inspection = World.StartDetecting(
            command, $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, TestUsers.Nobody)}");

        Assert.That(await inspection.EndAsync(), Is.EqualTo(1));
        Assert.That(
            inspection.Errors.Concat(inspection.Output),
            Has.Some.Contains("What exists of the API groups could not be read: ").And.Some.Contains("or set --api-group"));
        Assert.That(inspection.Output, Has.None.StartsWith("NAMESPACE"));
    }

    [Test]
    public async Task Migrate_fails_and_says_what_may_not_be_read()
    {
        await using var migrate = World.StartDetecting(
            "migrate",
            $"--from={Api.Group}",
            $"--to={Default.Group}",
            $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding, TestUsers.Nobody)}");

        Assert.That(await migrate.EndAsync(), Is.EqualTo(1));
        Assert.That(migrate.Errors, Has.One.Contains("Request failed: ").And.One.Contains("forbidden"));
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

    private async Task OtherOcmsAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await World.Onboarding.Api.ApplyAsync(Default.Ocm, new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = Ocm.Namespace, ["name"] = name },
                ["spec"] = new JsonObject { ["version"] = "0.3.0" },
            });
        }
    }

    private Task ReportedAsync(string message) => Eventually.Async(
        () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
        config => config.Condition("OtherApiGroupInUse").Text("message")?.Contains(message, StringComparison.Ordinal) is true,
        $"the ProviderConfig reports {message}");

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
