using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker's <c>init</c>, on clusters that do not know our kinds yet.</summary>
[Category("Worker")]
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class InitTests(ProviderApi api) : ProviderFixture(api)
{
    private static readonly ObjectKey Provider = ObjectKey.ClusterScoped(ProviderWorld.ProviderName);

    private readonly ObjectKey _ocms = ObjectKey.ClusterScoped(api.Ocm.QualifiedPlural);
    private readonly ObjectKey _configs = ObjectKey.ClusterScoped(api.ProviderConfig.QualifiedPlural);

    [SetUp]
    public async Task Start()
    {
        await World.Platform.InstallCrdsAsync("serviceproviders");
        await World.Platform.CleanAsync(Kinds.ServiceProvider);
        await RemoveAsync(World.Platform, _configs);
        await RemoveAsync(World.Onboarding, _ocms);
        await World.Platform.Api.ApplyAsync(Kinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Provider.Name },
            ["spec"] = new JsonObject { ["image"] = "registry.example.com/service-provider-ocm:1.0.0" },
        });
    }

    [TearDown]
    public async Task Stop()
    {
        await RemoveAsync(World.Platform, _configs);
        await RemoveAsync(World.Onboarding, _ocms);
    }

    [Test]
    public async Task Puts_each_definition_onto_its_cluster_and_tells_the_ServiceProvider()
    {
        await InitAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsEstablished(await DefinitionAsync(World.Platform, _configs)), Is.True);
            Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, _ocms)), Is.True);
            Assert.That(await DefinitionAsync(World.Platform, _ocms), Is.Null);
            Assert.That(await DefinitionAsync(World.Onboarding, _configs), Is.Null);
            Assert.That(
                (await ServiceProviderAsync()).Json.At("status", "resources")!.Value.GetRawText(),
                Is.EqualTo($$"""[{"group":"{{Api.Group}}","kind":"OCM","version":"v1alpha1"}]"""));
        }
    }

    [Test]
    public async Task Leaves_what_the_operator_has_written_in_the_ServiceProvider()
    {
        await World.Platform.Api.UpdateStatusAsync(
            Kinds.ServiceProvider, Provider, new JsonObject { ["observedGeneration"] = 1, ["phase"] = "Progressing" });

        await InitAsync();

        var status = (await ServiceProviderAsync()).Json;
        Assert.That((status.Number("status", "observedGeneration"), status.Text("status", "phase")), Is.EqualTo((1, "Progressing")));
    }

    [Test]
    public async Task Changes_nothing_when_it_is_done_again()
    {
        await InitAsync();
        var before = await VersionsAsync();

        await InitAsync();

        Assert.That(await VersionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task May_be_done_by_two_at_once()
    {
        await using var one = World.StartInit();
        await using var other = World.StartInit();

        var codes = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        Assert.That(codes, Is.All.Zero);
        Assert.That(one.Errors.Concat(other.Errors), Is.Empty);
    }

    [Test]
    public async Task Upgrades_a_definition_in_place_and_keeps_the_stored_objects()
    {
        await World.Onboarding.InstallCrdsAsync([OlderDefinition("v1alpha1")]);
        var stored = await World.ApplyOcmAsync(World.Ocm());

        await InitAsync();

        var kept = await World.Onboarding.Api.GetAsync(Api.Ocm, World.Ocm(), default);
        var definition = (await DefinitionAsync(World.Onboarding, _ocms))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((kept.Uid, kept.Json.Text("spec", "version")), Is.EqualTo((stored.Uid, "0.3.0")));
            Assert.That(definition.Json.Items("spec", "versions").Single().Items("additionalPrinterColumns"), Is.Not.Empty);
        }
    }

    [Test]
    public async Task Refuses_to_replace_the_definition_of_a_newer_release()
    {
        await World.Onboarding.InstallCrdsAsync([OlderDefinition("v1")]);

        await FailsAsync(_ocms.Name, "onboarding cluster", "newer release");

        Assert.That((await DefinitionAsync(World.Onboarding, _ocms))!.Json.Items("spec", "versions").Single().Text("name"), Is.EqualTo("v1"));
    }

    [Test]
    public async Task Says_that_a_definition_is_being_deleted()
    {
        await InitAsync();
        await World.Onboarding.Api.MergePatchAsync(Kinds.CustomResourceDefinition, _ocms, new JsonObject
        {
            ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/hold") },
        });
        await World.Onboarding.Api.DeleteAsync(Kinds.CustomResourceDefinition, _ocms);

        await FailsAsync(_ocms.Name, "is being deleted");
    }

    [Test]
    public async Task Says_that_the_names_of_a_kind_are_taken()
    {
        var rival = OlderDefinition("v1alpha1");
        rival["metadata"]!["name"] = $"others.{Api.Group}";
        rival["spec"]!["names"]!["plural"] = "others";
        rival["spec"]!["names"]!["singular"] = "other";
        await World.Onboarding.InstallCrdsAsync([rival]);
        try
        {
            await FailsAsync(_ocms.Name, "names that are taken");
        }
        finally
        {
            await RemoveAsync(World.Onboarding, ObjectKey.ClusterScoped($"others.{Api.Group}"));
        }
    }

    [Test]
    public async Task Says_that_there_is_no_such_ServiceProvider_and_does_the_rest()
    {
        await World.Platform.CleanAsync(Kinds.ServiceProvider);

        await FailsAsync("ServiceProvider \"ocm\"", "--standalone");

        Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, _ocms)), Is.True);
    }

    [Test]
    public async Task Does_without_a_ServiceProvider_when_told_so_and_with_the_permissions_of_deploy()
    {
        await World.Platform.CleanAsync(Kinds.ServiceProvider);

        await using var init = World.StartStandaloneInit();

        Assert.That(await init.EndAsync(), Is.Zero);
        Assert.That(init.Errors, Is.Empty);
        Assert.That(IsEstablished(await DefinitionAsync(World.Onboarding, _ocms)), Is.True);
    }

    [Test]
    public async Task Says_that_access_to_the_onboarding_cluster_was_denied_and_does_the_rest()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;

        await FailsAsync($"{Api.Group}--onboarding-init", "denied");

        Assert.That(IsEstablished(await DefinitionAsync(World.Platform, _configs)), Is.True);
    }

    [Test]
    public async Task Gives_up_when_access_to_the_onboarding_cluster_takes_too_long()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await using var init = World.StartInit("--onboarding-timeout", "2s");

        Assert.That(await init.EndAsync(), Is.EqualTo(1));
        Assert.That(init.Errors.Single(), Does.Contain("in vain").And.Contain("cluster provider"));
    }

    [Test]
    public async Task Says_which_permissions_are_missing()
    {
        var nobody = World.KubeconfigFile(World.Platform, TestUsers.Nobody);
        await using var init = World.StartInit($"--kubeconfig={nobody}", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");

        Assert.That(await init.EndAsync(), Is.EqualTo(1));
        Assert.That(init.Errors.Single(), Does.Contain(_configs.Name).And.Contain("cannot patch").And.Contain("Grant the permission"));
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
          "metadata": { "name": "{{_ocms.Name}}" },
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

    private Task<KubeObject> ServiceProviderAsync() => World.Platform.Api.GetAsync(Kinds.ServiceProvider, Provider, default);

    private async Task<string[]> VersionsAsync() =>
    [
        (await DefinitionAsync(World.Platform, _configs))!.ResourceVersion,
        (await DefinitionAsync(World.Onboarding, _ocms))!.ResourceVersion,
        (await ServiceProviderAsync()).ResourceVersion,
    ];

    private static bool IsEstablished(KubeObject? definition) => definition is not null && definition.Json.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True");

    private static async Task RemoveAsync(TestCluster cluster, ObjectKey definition)
    {
        if (await DefinitionAsync(cluster, definition) is null)
        {
            return;
        }

        await cluster.Api.DeleteAsync(Kinds.CustomResourceDefinition, definition);
        await Eventually.Async(
            async () =>
            {
                if (await DefinitionAsync(cluster, definition) is { } left && left.Finalizers.Contains("example.com/hold"))
                {
                    await cluster.Api.MergePatchAsync(
                        Kinds.CustomResourceDefinition, definition, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
                }

                return await DefinitionAsync(cluster, definition) is null;
            },
            $"{definition.Name} is gone");
    }
}
