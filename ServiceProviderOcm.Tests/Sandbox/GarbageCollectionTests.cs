using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>What becomes of dependents. Test servers that are real have no garbage collector, so this is by the documentation.</summary>
public sealed class GarbageCollectionTests : SandboxFixture
{
    [TestCase("Background")]
    [TestCase("Foreground")]
    public async Task Dependents_go_with_their_owner_and_theirs_with_them(string policy)
    {
        var owner = await MakeAsync("owner");
        await MakeAsync("grandchild", await MakeAsync("child", owner));

        await DeleteAsync("owner", policy);

        Assert.That(await LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task Orphans_stay_and_forget_their_owner()
    {
        await MakeAsync("child", await MakeAsync("owner"));

        await DeleteAsync("owner", "Orphan");

        var left = await Cluster.Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key("child"), default);
        Assert.That((await LeftAsync(), left.Json.At("metadata", "ownerReferences")), Is.EqualTo(("child", (System.Text.Json.JsonElement?)null)));
    }

    [Test]
    public async Task An_owner_that_goes_last_waits_for_what_blocks_it()
    {
        await MakeAsync("child", finalizer: "example.com/hold", owners: [await MakeAsync("owner")]);

        await DeleteAsync("owner", "Foreground");
        var waiting = await LeftAsync();
        await Cluster.Api.MergePatchAsync(
            ConfigMaps.Kind, ConfigMaps.Key("child"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });

        Assert.That((waiting, await LeftAsync()), Is.EqualTo(("child owner", "")));
    }

    [Test]
    public async Task An_owner_that_goes_first_waits_for_nobody()
    {
        await MakeAsync("child", finalizer: "example.com/hold", owners: [await MakeAsync("owner")]);

        await DeleteAsync("owner", "Background");

        var child = await Cluster.Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key("child"), default);
        Assert.That((await LeftAsync(), child.IsBeingDeleted), Is.EqualTo(("child", true)));
    }

    [Test]
    public async Task A_dependent_of_two_goes_with_the_second()
    {
        await MakeAsync("child", await MakeAsync("one"), await MakeAsync("two"));

        await DeleteAsync("one");
        var child = await Cluster.Api.GetAsync(ConfigMaps.Kind, ConfigMaps.Key("child"), default);
        await DeleteAsync("two");

        Assert.That(child.Json.Items("metadata", "ownerReferences").Select(owner => owner.Text("name")), Is.EqualTo(["two"]));
        Assert.That(await LeftAsync(), Is.Empty);
    }

    [Test]
    public async Task A_dependent_of_an_owner_that_is_not_there_goes_at_once()
    {
        var gone = await MakeAsync("owner");
        await DeleteAsync("owner");
        await MakeAsync("owner");

        await MakeAsync("child", gone);

        Assert.That(await LeftAsync(), Is.EqualTo("owner"), "an owner is known by its uid, not by its name");
    }

    [Test]
    public async Task An_owner_of_a_kind_that_is_not_served_is_taken_to_be_there()
    {
        var manifest = ConfigMaps.Json("child");
        manifest["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "elsewhere.example.com/v1",
            ["kind"] = "Thing",
            ["name"] = "owner",
            ["uid"] = Guid.NewGuid().ToString(),
        });

        await Cluster.Api.ApplyAsync(ConfigMaps.Kind, manifest);

        Assert.That(await LeftAsync(), Is.EqualTo("child"));
    }

    private Task<KubeObject> MakeAsync(string name, params KubeObject[] owners) => MakeAsync(name, null, owners);

    private Task<KubeObject> MakeAsync(string name, string? finalizer, KubeObject[] owners)
    {
        var manifest = ConfigMaps.Json(name);
        manifest["metadata"]!["finalizers"] = finalizer is null ? null : new JsonArray(finalizer);
        manifest["metadata"]!["ownerReferences"] = new JsonArray([.. owners.Select(owner => new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
            ["blockOwnerDeletion"] = true,
        })]);
        return Cluster.Api.ApplyAsync(ConfigMaps.Kind, manifest);
    }

    private Task DeleteAsync(string name, string policy = "Background") => Cluster.Api.DeleteAsync(
        ConfigMaps.Kind, ConfigMaps.Key(name), new DeleteRequest(PropagationPolicy: policy), default);

    private async Task<string> LeftAsync() => string.Join(' ', (await Cluster.Api.ListAllAsync(ConfigMaps.Kind)).Select(map => map.Name));
}
