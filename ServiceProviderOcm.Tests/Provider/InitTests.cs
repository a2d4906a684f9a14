using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker's <c>init</c>, on clusters that do not serve the kinds of the provider yet.</summary>
[Category("Worker")]
public sealed class InitTests() : SharedServersFixture(withDefinitions: false)
{
    private ObjectKey Provider => ObjectKey.ClusterScoped(World.ProviderName);

    private ObjectKey Ocms => ObjectKey.ClusterScoped(Api.Ocm.QualifiedPlural);

    private ObjectKey Configs => ObjectKey.ClusterScoped(Api.ProviderConfig.QualifiedPlural);

    [SetUp]
    public async Task Start()
    {
        await World.Platform.InstallCrdsAsync("serviceproviders");
        await World.Platform.Api.ApplyAsync(PlatformKinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Provider.Name },
            ["spec"] = new JsonObject { ["image"] = "registry.example.com/service-provider-ocm:1.0.0" },
        });
    }

    [Test]
    public async Task Init_installs_each_definition_on_its_cluster_and_registers_the_kind()
    {
        await InitAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsEstablished(await DefinitionAsync(World.Platform, Configs)), Is.True);
            Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, Ocms)), Is.True);
            Assert.That(await DefinitionAsync(World.Platform, Ocms), Is.Null);
            Assert.That(await DefinitionAsync(World.Onboarding, Configs), Is.Null);
            Assert.That(
                (await ServiceProviderAsync()).Json.At("status", "resources")!.Value.GetRawText(),
                Is.EqualTo($$"""[{"group":"{{Api.Group}}","kind":"OCM","version":"v1alpha1"}]"""));
        }
    }

    [Test]
    public async Task Init_keeps_the_status_fields_of_the_operator()
    {
        await World.Platform.Api.UpdateStatusAsync(
            PlatformKinds.ServiceProvider, Provider, new JsonObject { ["observedGeneration"] = 1, ["phase"] = "Progressing" });

        await InitAsync();

        var status = (await ServiceProviderAsync()).Json;
        Assert.That((status.Number("status", "observedGeneration"), status.Text("status", "phase")), Is.EqualTo((1, "Progressing")));
    }

    [Test]
    public async Task A_second_init_writes_nothing()
    {
        await InitAsync();
        var before = await VersionsAsync();

        await InitAsync();

        Assert.That(await VersionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Two_inits_at_the_same_time_succeed()
    {
        await using var one = World.StartInit();
        await using var other = World.StartInit();

        var codes = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        Assert.That(codes, Is.All.Zero);
        Assert.That(one.Errors.Concat(other.Errors), Is.Empty);
    }

    [Test]
    public async Task Init_upgrades_a_definition_in_place_and_keeps_the_stored_objects()
    {
        await World.Onboarding.InstallCrdsAsync([OlderDefinition("v1alpha1")]);
        var stored = await World.ApplyOcmAsync(World.Ocm());

        await InitAsync();

        var kept = await World.Onboarding.Api.GetAsync(Api.Ocm, World.Ocm(), default);
        var definition = (await DefinitionAsync(World.Onboarding, Ocms))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((kept.Uid, kept.Json.Text("spec", "version")), Is.EqualTo((stored.Uid, "0.3.0")));
            Assert.That(definition.Json.Items("spec", "versions").Single().Items("additionalPrinterColumns"), Is.Not.Empty);
        }
    }

    [Test]
    public async Task Init_does_not_replace_the_definition_of_a_newer_release()
    {
        await World.Onboarding.InstallCrdsAsync([OlderDefinition("v1")]);

        await FailsAsync(Ocms.Name, "onboarding cluster", "newer release");

        Assert.That((await DefinitionAsync(World.Onboarding, Ocms))!.Json.Items("spec", "versions").Single().Text("name"), Is.EqualTo("v1"));
    }

    [Test]
    public async Task Init_reports_a_definition_that_is_being_deleted()
    {
        await InitAsync();
        await World.Onboarding.Api.MergePatchAsync(Kinds.CustomResourceDefinition, Ocms, new JsonObject
        {
            ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/hold") },
        });
        await World.Onboarding.Api.DeleteAsync(Kinds.CustomResourceDefinition, Ocms);

        await FailsAsync(Ocms.Name, "is being deleted");
    }

    [Test]
    public async Task Init_reports_names_that_another_definition_has_taken()
    {
        var rival = OlderDefinition("v1alpha1");
        rival["metadata"]!["name"] = $"others.{Api.Group}";
        rival["spec"]!["names"]!["plural"] = "others";
        rival["spec"]!["names"]!["singular"] = "other";
        await World.Onboarding.InstallCrdsAsync([rival]);

        await FailsAsync(Ocms.Name, "conflicts with another definition");
    }

    [Test]
    public async Task Init_reports_a_missing_ServiceProvider_and_installs_the_definitions()
    {
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, Provider);

        await FailsAsync($"ServiceProvider \"{World.ProviderName}\"", "--standalone");

        Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, Ocms)), Is.True);
    }

    [Test]
    public async Task A_standalone_init_needs_no_ServiceProvider_and_only_the_permissions_of_deploy()
    {
        await World.Platform.Api.DeleteAsync(PlatformKinds.ServiceProvider, Provider);

        await using var init = World.StartStandaloneInit();

        Assert.That(await init.EndAsync(), Is.Zero);
        Assert.That(init.Errors, Is.Empty);
        Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, Ocms)), Is.True);
    }

    [Test]
    public async Task Init_reports_denied_access_to_the_onboarding_cluster_and_installs_the_other_definition()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;

        await FailsAsync($"{Api.Group}--onboarding-init", "denied");

        Assert.That(IsEstablished(await DefinitionAsync(World.Platform, Configs)), Is.True);
    }

    [Test]
    public async Task Init_fails_when_access_to_the_onboarding_cluster_is_not_granted_in_time()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await using var init = World.StartInit("--onboarding-timeout", "2s");

        Assert.That(await init.EndAsync(), Is.EqualTo(1));
        Assert.That(init.Errors.Single(), Does.Contain("Timed out").And.Contain("cluster provider"));
    }

    [Test]
    public async Task Init_names_missing_permissions()
    {
        var nobody = World.KubeconfigFile(World.Platform, TestUsers.Nobody);
        await using var init = World.StartInit($"--kubeconfig={nobody}", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");

        Assert.That(await init.EndAsync(), Is.EqualTo(1));
        Assert.That(init.Errors.Single(), Does.Contain(Configs.Name).And.Contain("cannot patch").And.Contain("Grant the missing permission"));
    }

    private async Task InitAsync()
    {
        await using var init = World.StartInit();
        Assert.That(await init.EndAsync(), Is.Zero);
        Assert.That(init.Errors, Is.Empty);
    }

    private async Task FailsAsync(params string[] said)
    {
        await using var init = World.StartInit();
        Assert.That(await init.EndAsync(), Is.EqualTo(1));
        Assert.That(init.Errors, Has.Count.EqualTo(1));
        Assert.That(said.Where(text => !init.Errors.Single().Contains(text, StringComparison.Ordinal)), Is.Empty);
    }

    private JsonObject OlderDefinition(string version) => JsonNode.Parse($$"""
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": { "name": "{{Ocms.Name}}" },
          "spec": {
            "group": "{{Api.Group}}",
            "scope": "Namespaced",
            "names": { "kind": "OCM", "listKind": "OCMList", "plural": "ocms", "singular": "ocm" },
            "versions": [{
              "name": "{{version}}", "served": true, "storage": true,
              "schema": { "openAPIV3Schema": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } }
            }]
          }
        }
        """)!.AsObject();

    private static async Task<KubeObject?> DefinitionAsync(TestCluster cluster, ObjectKey key) =>
        await cluster.Api.FindAsync(Kinds.CustomResourceDefinition, key);

    private Task<KubeObject> ServiceProviderAsync() => World.Platform.Api.GetAsync(PlatformKinds.ServiceProvider, Provider, default);

    private async Task<string[]> VersionsAsync() =>
    [
        (await DefinitionAsync(World.Platform, Configs))!.ResourceVersion,
        (await DefinitionAsync(World.Onboarding, Ocms))!.ResourceVersion,
        (await ServiceProviderAsync()).ResourceVersion,
    ];

    private static bool IsEstablished(KubeObject? definition) => definition is not null && definition.Json.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
}
