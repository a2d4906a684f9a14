using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>A deletion waits for users' objects of every kind of the toolkit's API group, whatever kinds that are.</summary>
public sealed class UserObjectsTests : ProviderFixture
{
    private const string Version = "v1alpha1";

    private static readonly ResourceKind Component = Toolkit("Component", "components");
    private static readonly ResourceKind Deployer = Toolkit("Deployer", "deployers") with { IsNamespaced = false };
    private static readonly ResourceKind[] OfToolkit =
    [
        Component, Deployer, Toolkit("Resource", "resources"), Toolkit("Replication", "replications"),
    ];

    [SetUp]
    public async Task Start()
    {
        await World.Mcp.InstallCrdsAsync(OfToolkit.Select(Definition));
        await World.ConfigureAsync();
        World.StartController();
        await World.ReadyTenantAsync();
    }

    [TestCase("Component", "components", true)]
    [TestCase("Deployer", "deployers", false)]
    [TestCase("Resource", "resources", true)]
    [TestCase("Replication", "replications", true)]
    [TestCase("Future", "futures", false)]
    public async Task Objects_of_a_kind_block_the_deletion(string kind, string plural, bool isNamespaced)
    {
        var served = Toolkit(kind, plural) with { IsNamespaced = isNamespaced };
        if (!OfToolkit.Contains(served))
        {
            await World.Mcp.InstallCrdsAsync([Definition(served)]);
        }

        var left = await CreateAsync(served, "left");
        await World.DeleteOcmAsync(Ocm);
        var held = await World.SeesAsync(Ocm, "UserResourcesPresent");

        Assert.That(ProviderWorld.Ready(held, "message"), Does.StartWith($"1 {kind} object(s)").And.Contain($": {left}. Delete"));
        Assert.That(
            (held.Condition("DeletionBlocked").Text("status"), held.Condition("DeletionBlocked").Text("reason")),
            Is.EqualTo(("True", "UserResourcesPresent")));
        await World.EventAsync(Ocm, "UserResourcesPresent");
        await World.Mcp.Api.DeleteAsync(served, left);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task A_suspended_Deployer_and_a_Component_that_waits_for_its_finalizer_block_the_deletion()
    {
        var deployer = await CreateAsync(Deployer, "suspended", new JsonObject { ["suspend"] = true });
        var component = await CreateAsync(Component, "dangling", finalizer: "finalizers.ocm.software/component");
        await World.Mcp.Api.DeleteAsync(Component, component);
        await World.DeleteOcmAsync(Ocm);

        var held = await World.SeesAsync(Ocm, "UserResourcesPresent");
        Assert.That(
            ProviderWorld.Ready(held, "message"),
            Does.StartWith("1 Component, 1 Deployer object(s)").And.Contain($": Component {component}, Deployer {deployer}. Delete"));

        await World.Mcp.Api.MergePatchAsync(Component, component, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await World.Mcp.Api.DeleteAsync(Deployer, deployer);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task The_condition_goes_when_the_deletion_continues()
    {
        World.Flux.Uninstalls.Close();
        var left = await CreateAsync(Component, "left");
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "UserResourcesPresent");
        await World.Mcp.Api.DeleteAsync(Component, left);

        var continued = await World.SeesAsync(Ocm, "HelmReleaseDeleting");

        Assert.That(continued.Json.Items("status", "conditions").Select(condition => condition.Text("type")), Is.EqualTo(["Ready"]));
        World.Flux.Uninstalls.Open();
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task A_kind_that_is_installed_while_the_deletion_is_blocked_is_found()
    {
        var left = await CreateAsync(Component, "left");
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "UserResourcesPresent");
        var future = Toolkit("Future", "futures");
        await World.Mcp.InstallCrdsAsync([Definition(future)]);
        var later = await CreateAsync(future, "later");
        await World.Mcp.Api.DeleteAsync(Component, left);

        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default),
            ocm => ProviderWorld.Ready(ocm, "message")!.StartsWith("1 Future", StringComparison.Ordinal),
            "the new kind is reported");
        await World.Mcp.Api.DeleteAsync(future, later);
        await World.GoneAsync(Ocm);
    }

    [Test]
    public async Task Without_users_objects_each_kind_is_listed_once_and_none_is_watched()
    {
        var mark = World.Mcp.AuditLog.Mark();
        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);

        Assert.That(Requests(mark), Is.EqualTo(AllKinds.Select(kind => $"list {kind}")));
    }

    [Test]
    public async Task While_users_objects_block_each_kind_is_watched_once()
    {
        var mark = World.Mcp.AuditLog.Mark();
        var left = await CreateAsync(Component, "left");
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "UserResourcesPresent");
        await World.Mcp.Api.DeleteAsync(Component, left);
        await World.GoneAsync(Ocm);

        Assert.That(Requests(mark), Is.EqualTo(AllKinds.Select(kind => $"list {kind}").Concat(AllKinds.Select(kind => $"watch {kind}"))));
    }

    private static IEnumerable<string> AllKinds => OfToolkit.Append(PlatformKinds.Repository).Select(kind => kind.Plural).Order(StringComparer.Ordinal);

    private static ResourceKind Toolkit(string kind, string plural) => new(PlatformKinds.ToolkitGroup, Version, kind, plural);

    private static JsonObject Definition(ResourceKind kind)
    {
        var definition = PlatformCrds.Of(PlatformKinds.Repository.Plural);
        definition["metadata"]!["name"] = kind.QualifiedPlural;
        var spec = definition["spec"]!;
        spec["scope"] = kind.IsNamespaced ? "Namespaced" : "Cluster";
        spec["names"] = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["listKind"] = $"{kind.Kind}List",
            ["plural"] = kind.Plural,
            ["singular"] = kind.Kind.ToLowerInvariant(),
        };
        spec["versions"]![0]!["schema"] = new JsonObject
        {
            ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
        };
        return definition;
    }

    private async Task<ObjectKey> CreateAsync(ResourceKind kind, string name, JsonObject? spec = null, string? finalizer = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (kind.IsNamespaced)
        {
            metadata["namespace"] = "default";
        }

        if (finalizer is not null)
        {
            metadata["finalizers"] = new JsonArray(finalizer);
        }

        return (await World.Mcp.Api.ApplyAsync(kind, new JsonObject { ["metadata"] = metadata, ["spec"] = spec ?? [] })).Key;
    }

    private IEnumerable<string> Requests(long mark) => World.Mcp.AuditLog.Since(mark)
        .Where(entry => entry.IsFromProvider() && entry.Group == PlatformKinds.ToolkitGroup)
        .Select(entry => $"{entry.Verb} {entry.Resource}")
        .Order(StringComparer.Ordinal);
}
