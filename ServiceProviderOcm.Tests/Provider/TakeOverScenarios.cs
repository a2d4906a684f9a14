using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>What the Go provider v0.4.0 leaves behind is adopted in place.</summary>
/// <param name="create">Makes the world of a test.</param>
/// <param name="ownsControlPlane">Whether no other test writes to the control plane.</param>
public abstract class TakeOverScenarios(Func<Task<ProviderWorld>> create, bool ownsControlPlane) : WorldFixture(create)
{
    protected const string Former = "former";
    private const string Credentials = """{"auths":{"r":{"auth":"YTpi"}}}""";

    private static readonly ResourceKind[] Kept = [PlatformKinds.HelmRelease, PlatformKinds.OciRepository, PlatformKinds.AccessRequest, Kinds.Secret];

    protected JsonObject Values => ownsControlPlane
        ? (JsonObject)JsonNode.Parse("""{"manager":{"imagePullSecrets":[{"name":"registry"}]}}""")!
        : new JsonObject { ["manager"] = new JsonObject { ["logLevel"] = "info" } };

    [TestCase(Manifests.PullSecretType)]
    [TestCase(Manifests.OpaqueType)]
    public async Task A_take_over_changes_no_generation_and_no_OCM_leaves_Ready(string sourceType)
    {
        await SourceAsync(ProviderWorld.PullSecretName, sourceType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values };
        await World.ConfigureAsync(Config());
        var ocm = await go.InstalledAsync();
        var before = await KeptAsync(ocm);
        using var states = new ReadyStates(World, ocm);

        World.StartController();
        await World.SeesAsync(ocm, "ReconcileSuccess");
        await Eventually.Async(
            async () => (await World.LeftoversAsync(ocm)).Count == Kept.Length + 1 && await IsLabelledAsync(ocm), "all objects are adopted");

        Assert.That(await KeptAsync(ocm), Is.EqualTo(before));
        Assert.That(await states.SeenAsync(), Is.All.EqualTo("True"));
    }

    [Test]
    public Task An_adopted_copy_keeps_its_type_and_has_only_the_credentials() => IsAdoptedAsync(isOnControlPlane: false);

    [Test]
    public async Task An_Opaque_source_is_accepted_for_new_tenants_and_copied_with_the_right_type()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.OpaqueType);
        await World.ConfigureAsync(Config());
        World.StartController();

        var ocm = await World.ReadyTenantAsync();

        var copy = await World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm), default);
        Assert.That((copy.Text("type"), copy.At("data")!.Value.EnumerateObject().Count()), Is.EqualTo((Manifests.PullSecretType, 1)));
    }

    [Test]
    public async Task A_copy_without_labels_that_is_no_longer_referenced_is_pruned()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        await SourceAsync(Former, Manifests.OpaqueType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName };
        await World.ConfigureAsync(Config());
        var ocm = await go.InstalledAsync();
        await go.CopyAsync(isOnControlPlane: false, Former, ProviderWorld.SecretCopy(ocm, Former));
        var theirs = await World.Platform.Api.CreateAsync(
            Kinds.Secret,
            KubeObject.From(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = "sp-ocm-theirs", ["namespace"] = ProviderWorld.TenantNamespace(ocm) },
            }),
            default);

        World.StartController();

        await Eventually.Async(
            async () => await World.Platform.Api.FindAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm, Former)) is null, "the copy is pruned");
        Assert.That((await World.Platform.Api.GetAsync(Kinds.Secret, theirs.Key, default)).Labels, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Copies_are_not_adopted_while_the_fleet_or_their_OCM_is_paused_and_are_adopted_after_it(bool isFleet)
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName };
        await World.ConfigureAsync(Config());
        var ocm = await go.InstalledAsync();
        await OperateAsync("ignore");
        World.StartController();
        if (!isFleet)
        {
            await World.ReadyTenantAsync("other");
        }

        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Json.Number("status", "ocms", "total") == (isFleet ? 1 : 2),
            "the controller has started");
        Assert.That((await World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm), default)).Labels, Is.Empty);

        await OperateAsync(null);

        await Eventually.Async(() => IsLabelledAsync(ocm), "the copy is adopted");

        Task<KubeObject> OperateAsync(string? operation) => isFleet ? World.OperateAsync(operation) : World.Onboarding.Api.MergePatchAsync(
            Api.Ocm,
            ocm,
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Operation.Annotation] = operation } } });
    }

    [Test]
    public async Task A_copy_with_another_field_manager_is_not_adopted()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName };
        await World.ConfigureAsync(Config());
        var ocm = await go.InstalledAsync();
        await World.Platform.Api.MergePatchAsync(
            Kinds.Secret, ProviderWorld.SecretCopy(ocm), new JsonObject { ["data"] = new JsonObject { ["theirs"] = "YQ==" } });

        World.StartController();

        await World.SeesAsync(ocm, "ObjectNotManaged");
    }

    [Test]
    public async Task Both_providers_at_the_same_time_settle_without_a_reinstallation()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values };
        var config = Config();
        config["values"]!["manager"]!["replicas"] = 2;
        await World.ConfigureAsync(config);
        var ocm = await go.InstalledAsync();
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

        // The Go provider reconciles once a second at most, with other values than this one: 60 s, without the pauses.
        World.StartController();
        for (var second = 0; second < 60; second++)
        {
            await go.WriteAsync(ocm);
        }

        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default),
            found => found.Json.Number("spec", "values", "manager", "replicas") == 2 && found.Uid == release.Uid,
            "the values are those of the ProviderConfig");
        await World.ReadyAsync(ocm);
        Assert.That(World.Flux.Uninstalled, Is.Empty);
    }

    /// <summary>A copy of a source Secret with a wrong type and more keys is adopted.</summary>
    protected async Task IsAdoptedAsync(bool isOnControlPlane)
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.OpaqueType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values };
        await World.ConfigureAsync(Config());
        var ocm = await go.InstalledAsync();

        World.StartController();

        var adopted = await Eventually.Async(
            () => isOnControlPlane
                ? World.Mcp.Api.GetAsync(Kinds.Secret, new ObjectKey(ObjectNames.ToolkitNamespace, ProviderWorld.PullSecretName), default)
                : World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm), default),
            copy => copy.At("data") is { } data && data.EnumerateObject().Count() == 1,
            "other keys are removed");
        Assert.That((adopted.Text("type"), adopted.Text("data", ".dockerconfigjson")), Is.EqualTo((Manifests.OpaqueType, Encoded(Credentials))));
        await World.SeesAsync(ocm, "ReconcileSuccess");
    }

    protected JsonObject Config() => new()
    {
        ["chartURL"] = "registry.example.com/charts/toolkit",
        ["pollInterval"] = "1h",
        ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
        ["values"] = Values,
    };

    protected Task<KubeObject> SourceAsync(string name, string type) => World.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = World.PodNamespace, ["name"] = name },
        ["type"] = type,
        ["data"] = new JsonObject { [".dockerconfigjson"] = Encoded(Credentials), ["more"] = "YQ==" },
    });

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task<IReadOnlyList<string>> KeptAsync(ObjectKey ocm)
    {
        List<string> all = [];
        foreach (var kind in Kept)
        {
            var found = (await World.Platform.Api.ListAllAsync(kind)).Where(item => item.Namespace == ProviderWorld.TenantNamespace(ocm));
            all.AddRange(found.Select(item => $"{kind.Kind} {item.Name} {item.Uid} {item.Generation}"));
        }

        return all;
    }

    protected async Task<bool> IsLabelledAsync(ObjectKey ocm)
    {
        foreach (var kind in new[] { PlatformKinds.HelmRelease, PlatformKinds.OciRepository })
        {
            var found = await World.Platform.Api.GetAsync(kind, ProviderWorld.FluxKey(ocm), default);
            if (!found.Labels.ContainsKey(ObjectNames.ManagedByLabel))
            {
                return false;
            }
        }

        return (await World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm), default)).Labels.ContainsKey(ObjectNames.ManagedByLabel);
    }
}
