using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Pinned, deprecated, removed and verified versions, from the ProviderConfig to Flux and the status.</summary>
public sealed class VersionLifecycleTests : ProviderFixture
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Test]
    public async Task A_pinned_digest_is_installed_and_a_deprecated_version_has_one_warning()
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0", entry =>
        {
            entry["chartDigest"] = Digest;
            entry["deprecated"] = new JsonObject { ["message"] = "End of life", ["replacement"] = "0.4.0" };
        }), Entry("0.4.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();

        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(key), default);
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, key, default);
        Assert.That(source.Text("status", "artifact", "revision"), Is.EqualTo(Digest));
        Assert.That(release.Json.Items("status", "history").First().Text("ociDigest"), Is.EqualTo(Digest));
        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("Set it to \"0.4.0\""));
        Assert.That(ocm.Condition("VersionWarning").Text("reason"), Is.EqualTo("VersionDeprecated"));
        await World.EventAsync(key, "VersionDeprecated");

        await World.ApplyOcmAsync(key, "0.4.0");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, key, default),
            seen => ProviderWorld.Ready(seen, "status") == "True" && seen.Condition("VersionWarning").Text("type") is null,
            "the warning ends");
    }

    [Test]
    public async Task A_removed_version_stays_installed_over_a_restart_until_it_is_added_back()
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0"), Entry("0.4.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        await PatchSpecAsync(Catalog(Entry("0.4.0")));
        World.StartController();
        var ocm = await World.SeesAsync(key, "VersionNotOffered");
        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("Choose one of: 0.4.0").And.Contain("What is installed stays"));
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("VersionWarning").Text("message")?.StartsWith("1 OCM(s) ", StringComparison.Ordinal) is true,
            "the ProviderConfig warns");

        await SuspensionIsRevertedAsync(key);

        await PatchSpecAsync(Catalog(Entry("0.3.0"), Entry("0.4.0")));
        await World.ReadyAsync(key);
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("VersionWarning").Text("type") is null,
            "the warning ends");
    }

    [Test]
    public async Task A_version_that_is_not_offered_does_not_stall_the_rollout_that_has_ended()
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();

        await World.ApplyOcmAsync(key, "9.9.9");
        await World.SeesAsync(key, "VersionNotOffered");
        var config = await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Json.Number("status", "ocms", "ready") == 0,
            "the ProviderConfig counts it");

        Assert.That(config.Condition("Progressing").Text("reason"), Is.EqualTo("NewRevisionAvailable"));
    }

    [Test]
    public async Task A_removed_version_keeps_its_values_and_is_restored_to_them_over_a_restart()
    {
        await World.ConfigureAsync(Catalog("one", Entry("0.3.0"), Entry("0.4.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();
        await PatchSpecAsync(Catalog("two", Entry("0.4.0")));
        await World.SeesAsync(key, "VersionNotOffered");
        await World.StopControllerAsync();
        World.StartController();

        await World.Platform.Api.MergePatchAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), new JsonObject
        {
            ["spec"] = new JsonObject { ["values"] = new JsonObject { ["level"] = "drifted" } },
        });
        await LevelAsync(key, "one");

        await World.ApplyOcmAsync(key, "0.4.0");
        await World.ReadyAsync(key);
        await LevelAsync(key, "two");
    }

    [Test]
    public async Task A_version_that_only_the_newest_revision_offers_waits_for_the_canaries()
    {
        World.StartController();
        await World.ConfigureAsync(Catalog("one", Entry("0.3.0")));
        var canary = await World.ReadyTenantAsync("canary");
        var key = await World.ReadyTenantAsync("other");
        await World.Platform.Api.MergePatchAsync(
            Kinds.Namespace,
            ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(canary)),
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } } });
        World.Flux.Installs.Close();
        var changed = Catalog("two", Entry("0.3.0"), Entry("0.4.0"));
        changed["rollout"] = JsonNode.Parse("""{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }""");
        await World.ConfigureAsync(changed);
        await LevelAsync(canary, "two");

        await World.ApplyOcmAsync(key, "0.4.0");
        var fresh = World.Ocm("fresh");
        await World.ControlPlaneAsync(fresh);
        await World.ApplyOcmAsync(fresh, "0.4.0");
        foreach (var waiting in (ObjectKey[])[key, fresh])
        {
            var ocm = await World.SeesAsync(waiting, "VersionNotOffered");
            Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("once the canaries of its rollout are available"));
        }

        await LevelAsync(key, "one");
        World.Flux.Installs.Open();
        foreach (var waiting in (ObjectKey[])[key, fresh])
        {
            await World.ReadyAsync(waiting);
            await LevelAsync(waiting, "two");
        }
    }

    [Test]
    public async Task A_version_that_only_the_newest_revision_offers_waits_for_the_canaries_alone()
    {
        World.StartController();
        await World.ConfigureAsync(Catalog("one", Entry("0.3.0")));
        var broken = await World.ReadyTenantAsync("broken");
        var canary = await World.ReadyTenantAsync("canary");
        var key = await World.ReadyTenantAsync("waiting");
        World.Flux.StallsOn = release =>
            release.Namespace == ProviderWorld.TenantNamespace(broken) && release.Text("spec", "values", "level") == "two";
        await World.Platform.Api.MergePatchAsync(
            Kinds.Namespace,
            ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(canary)),
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } } });
        World.Flux.Installs.Close();
        var changed = Catalog("two", Entry("0.3.0"), Entry("0.4.0"));
        changed["rollout"] = JsonNode.Parse(
            """{ "maxUnavailable": 1, "maxFailures": 0, "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }""");
        await World.ConfigureAsync(changed);
        await LevelAsync(canary, "two");
        await World.ApplyOcmAsync(key, "0.4.0");
        await World.SeesAsync(key, "VersionNotOffered");

        // It is reconciled once more when its change is not new.
        await World.ApplyOcmAsync(key, "0.4.0", operation: "reconcile");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, key, default),
            ocm => !ocm.Annotations.ContainsKey(Operation.Annotation),
            "the annotation is removed");
        World.Flux.Installs.Open();

        await World.ReadyAsync(key);
        await LevelAsync(key, "two");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("Progressing").Text("reason") == "ProgressDeadlineExceeded",
            "the rollout has stalled");
    }

    [TestCase("chartVersion", "0.4.0")]
    [TestCase("chartURL", "oci://registry.example.com/another/chart")]
    [TestCase("chartDigest", Digest)]
    public async Task A_removed_version_is_not_installed_in_place_of_another_one(string field, string value)
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0"), Entry("0.4.0", entry =>
        {
            entry["chartVersion"] = "0.3.0";
            entry[field] = value;
        })));
        World.StartController();
        var key = await World.ReadyTenantAsync();
        await PatchSpecAsync(Catalog(Entry("0.3.0")));
        await RolledOutAsync();

        await World.ApplyOcmAsync(key, "0.4.0");
        var ocm = await World.SeesAsync(key, "VersionNotOffered");
        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("chart:0.3.0").And.Contain("What is installed stays"));

        // Drift that is reverted shows that the OCM was reconciled once more.
        await SuspensionIsRevertedAsync(key);
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(key), default);
        Assert.That((source.Text("spec", "ref", "tag"), source.At("spec", "ref", "digest")), Is.EqualTo(("0.3.0", (JsonElement?)null)));
        Assert.That(source.Text("spec", "url"), Does.Not.Contain("another"));
    }

    [Test]
    public async Task A_version_that_no_revision_offers_brings_no_other_access_before_the_rollout_does()
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();
        var changed = Catalog(Entry("0.3.0"));
        changed["rollout"] = new JsonObject { ["paused"] = true };
        changed["access"] = JsonNode.Parse("""{ "roleRefs": [{ "kind": "ClusterRole", "name": "edit" }] }""");
        await PatchSpecAsync(changed);

        await World.ApplyOcmAsync(key, "9.9.9");
        await World.SeesAsync(key, "VersionNotOffered");
        await SuspensionIsRevertedAsync(key);

        var request = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, World.AccessRequest(key), default);
        Assert.That(request.Json.GetRawText(), Does.Contain("cluster-admin").And.Not.Contain("\"edit\""));
    }

    [Test]
    public async Task An_OCM_of_a_removed_version_is_deleted()
    {
        await World.ConfigureAsync(Catalog(Entry("0.3.0"), Entry("0.4.0")));
        World.StartController();
        var key = await World.ReadyTenantAsync();
        await PatchSpecAsync(Catalog(Entry("0.4.0")));
        await World.SeesAsync(key, "VersionNotOffered");

        await World.DeleteOcmAsync(key);
        await World.GoneAsync(key);

        Assert.That(await World.LeftoversAsync(key), Is.Empty);
    }

    [Test]
    public async Task A_chart_that_is_not_verified_is_not_upgraded_to_until_its_key_is_trusted()
    {
        await KeysAsync(ChartSignatures.PublicKey);
        World.Flux.IsSigned = reference => !reference.EndsWith(":0.4.0", StringComparison.Ordinal);
        await World.ConfigureAsync(Verified());
        World.StartController();
        var key = await World.ReadyTenantAsync();
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(key), default),
            found => found.Condition("SourceVerified").Text("status") == "True",
            "the chart is verified");
        var before = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);

        await World.ApplyOcmAsync(key, "0.4.0");
        var ocm = await World.SeesAsync(key, "VerificationFailed");
        var after = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("no matching signatures were found"));
        Assert.That(after.Generation, Is.EqualTo(before.Generation));
        Assert.That(after.Json.Items("status", "history").First().Text("ociDigest"), Is.EqualTo(before.Json.Items("status", "history").First().Text("ociDigest")));

        World.Flux.IsSigned = _ => true;
        await World.ReadyAsync(key);
    }

    [Test]
    public async Task A_rotated_key_reaches_the_tenant_and_is_pruned_with_the_setting()
    {
        await KeysAsync("another key");
        await World.ConfigureAsync(Verified());
        World.StartController();
        var key = World.Ocm();
        await World.ControlPlaneAsync(key);
        await World.ApplyOcmAsync(key);
        await World.SeesAsync(key, "VerificationFailed");

        await KeysAsync(ChartSignatures.PublicKey);
        await World.ReadyAsync(key);
        var copy = await World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(key, "keys"), default);
        Assert.That(copy.Json.TextMap("data").Keys, Is.EqualTo(["cosign.pub"]));

        await World.ConfigureAsync([]);
        await Eventually.Async(
            () => World.Platform.Api.FindAsync(Kinds.Secret, ProviderWorld.SecretCopy(key, "keys")),
            found => found is null,
            "the copy is pruned");
    }

    private async Task SuspensionIsRevertedAsync(ObjectKey key)
    {
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default),
            release => release.At("spec", "suspend") is null,
            "drift is reverted");
    }

    private Task RolledOutAsync() => Eventually.Async(
        () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
        config => config.Json.Number("status", "observedGeneration") == config.Generation
            && config.Text("status", "currentRevision") == config.Text("status", "updateRevision")
            && config.Condition("Progressing").Text("reason") == "NewRevisionAvailable",
        "the change is rolled out");

    // A merge patch replaces the list whole: an apply keeps the default of a removed entry.
    private Task PatchSpecAsync(JsonObject spec) => World.Platform.Api.MergePatchAsync(
        Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), new JsonObject { ["spec"] = spec });

    private static JsonObject Verified() => new()
    {
        ["verify"] = new JsonObject { ["provider"] = "cosign", ["secretRef"] = new JsonObject { ["name"] = "keys" } },
    };

    private static JsonObject Catalog(params JsonObject[] entries) => new() { ["versions"] = new JsonArray([.. entries]) };

    private static JsonObject Catalog(string level, params JsonObject[] entries)
    {
        foreach (var entry in entries)
        {
            entry["helmValues"] = new JsonObject { ["level"] = level };
        }

        return Catalog(entries);
    }

    private Task LevelAsync(ObjectKey key, string level) => Eventually.Async(
        () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default),
        release => release.Text("spec", "values", "level") == level,
        $"{key} has the values of \"{level}\"");

    private static JsonObject Entry(string version, Action<JsonObject>? change = null)
    {
        var entry = new JsonObject { ["version"] = version, ["chartVersion"] = version };
        change?.Invoke(entry);
        return entry;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Task<KubeObject> KeysAsync(string publicKey) => World.Platform.Api.ApplyAsync(Kinds.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "keys", ["namespace"] = World.PodNamespace },
        ["data"] = new JsonObject { ["cosign.pub"] = Base64(publicKey), ["cosign.key"] = Base64("private") },
    });
}
