using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

public sealed class InstallTests : ProviderFixture
{

    [Test]
    public async Task An_OCM_becomes_Ready_with_its_Flux_objects_and_pull_secret()
    {
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = new JsonObject { ["manager"] = new JsonObject { ["replicas"] = 2 } },
        });
        World.StartController();
        var key = await World.ReadyTenantAsync();

        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, key, default);
        var access = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, World.AccessRequest(key), default);
        var copy = await World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(key), default);
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(key), default);
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ocm.Finalizers, Is.EqualTo([$"{Api.Group}/finalizer"]));
            Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Ready"));
            Assert.That(ProviderWorld.Ready(ocm, "status"), Is.EqualTo("True"));
            Assert.That(
                ocm.Json.Items("status", "resources").Select(resource => (resource.Text("kind"), resource.Text("phase"), resource.Text("location"))),
                Is.EqualTo([("Secret", "Ready", "PlatformCluster"), ("OCIRepository", "Ready", "PlatformCluster"), ("HelmRelease", "Ready", "PlatformCluster")]));
            Assert.That(access.Json.Text("spec", "requestRef", "name"), Is.EqualTo(key.Name));
            Assert.That(access.Labels["openmcp.cloud/managed-purpose"], Is.EqualTo($"{key.Namespace}.{key.Name}.mcp"));
            Assert.That(copy.Json.Text("type"), Is.EqualTo(Manifests.PullSecretType));
            Assert.That(source.Json.Text("spec", "url"), Is.EqualTo("oci://registry.example.com/charts/toolkit"));
            Assert.That(source.Json.Text("spec", "ref", "tag"), Is.EqualTo("0.3.0"));
            Assert.That(source.Json.Text("spec", "secretRef", "name"), Is.EqualTo(copy.Name));
            Assert.That(release.Json.Number("spec", "values", "manager", "replicas"), Is.EqualTo(2));
            Assert.That(
                release.Json.Text("spec", "kubeConfig", "secretRef", "name"), Is.EqualTo(access.Json.Text("status", "secretRef", "name")));
        }

        await World.EventAsync(key, "ReconcileSuccess");
    }

    [Test]
    public async Task A_new_version_is_rolled_out_and_reported()
    {
        await RunAsync();
        var key = await World.ReadyTenantAsync();
        await World.ApplyOcmAsync(key, "0.4.0");
        var ocm = await World.ReadyAsync(key);
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(key), default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(source.Json.Text("spec", "ref", "tag"), Is.EqualTo("0.4.0"));
            Assert.That(ProviderWorld.Ready(ocm, "message"), Does.Contain("0.4.0"));
        }
    }

    [Test]
    public async Task A_failed_HelmRelease_is_reported_until_Flux_succeeds()
    {
        World.Flux.FailureMessage = "timed out waiting for the deployment";
        World.Flux.Behaviour = FluxBehaviour.FailHelm;
        await RunAsync();
        var key = World.Ocm();
        await World.ControlPlaneAsync(key);
        await World.ApplyOcmAsync(key);
        var ocm = await Eventually.Async(
            () => World.SeesAsync(key, "HelmReleaseFailed"),
            seen => ProviderWorld.Ready(seen, "message")!.Contains("timed out waiting for the deployment", StringComparison.Ordinal),
            "Flux' message is on the OCM");
        Assert.That(ocm.Json.Text("status", "phase"), Is.EqualTo("Progressing"));
        await World.EventAsync(key, "HelmReleaseFailed");

        World.Flux.Behaviour = FluxBehaviour.Normal;
        await World.ReadyAsync(key);
    }

    [Test]
    public async Task A_rotated_pull_secret_reaches_the_tenant()
    {
        await World.PullSecretAsync("first");
        await RunAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        var key = await World.ReadyTenantAsync();
        var rotated = await World.PullSecretAsync("second");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Kinds.Secret, ProviderWorld.SecretCopy(key), default),
            copy => copy.Json.Text("data", ".dockerconfigjson") == rotated.Json.Text("data", ".dockerconfigjson"),
            "the copy has the new content");
    }

    [Test]
    public async Task A_replaced_pull_secret_is_copied_and_the_former_copy_is_pruned()
    {
        await World.PullSecretAsync();
        await World.PullSecretAsync(name: "other");
        await RunAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName } });
        var key = await World.ReadyTenantAsync();

        await World.ConfigureAsync(new JsonObject { ["imagePullSecret"] = new JsonObject { ["name"] = "other" } });
        await SecretRefAsync(key, "sp-ocm-other");
        await CopiesAsync(key, "sp-ocm-other");

        await World.ConfigureAsync([]);
        await SecretRefAsync(key, null);
        await CopiesAsync(key);
    }

    [Test]
    public async Task An_edited_ProviderConfig_reaches_every_tenant()
    {
        await RunAsync(new JsonObject { ["values"] = new JsonObject { ["a"] = 1, ["b"] = "x" } });
        ObjectKey[] keys = [await World.ReadyTenantAsync("mcp-01"), await World.ReadyTenantAsync("mcp-02")];
        await World.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "oci://mirror.example.com:5000/toolkit",
            ["values"] = new JsonObject { ["b"] = "y" },
        });
        foreach (var key in keys)
        {
            await SeesAsync(PlatformKinds.OciRepository, key, source => source.Json.Text("spec", "url") == "oci://mirror.example.com:5000/toolkit");
            await SeesAsync(PlatformKinds.HelmRelease, key, release => release.Json.At("spec", "values")!.Value.GetRawText() is """{"b":"y"}""");
            await World.ReadyAsync(key);
        }
    }

    [Test]
    public async Task A_version_is_resolved_by_the_catalogue()
    {
        await RunAsync(new JsonObject
        {
            ["versions"] = new JsonArray(
                new JsonObject { ["version"] = "v1", ["chartVersion"] = "1.2.3", ["chartURL"] = "r.example.com/one" },
                new JsonObject { ["version"] = "v2", ["chartVersion"] = "2.0.0", ["helmValues"] = new JsonObject { ["x"] = true } }),
        });
        var key = World.Ocm();
        await World.ControlPlaneAsync(key);
        await World.ApplyOcmAsync(key, "v3");
        var refused = await World.SeesAsync(key, "VersionNotOffered");
        Assert.That(ProviderWorld.Ready(refused, "message"), Does.Contain("v1, v2"));

        await World.ApplyOcmAsync(key, "v2");
        await World.ReadyAsync(key);
        var release = await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(key), default);
        Assert.That(release.Json.At("spec", "values")!.Value.GetRawText(), Is.EqualTo("""{"x":true}"""));
        await SeesAsync(PlatformKinds.OciRepository, key, source => source.Json.Text("spec", "ref", "tag") == "2.0.0");
    }

    [Test]
    public async Task Many_tenants_at_once_all_become_Ready()
    {
        const int Tenants = 200;
        await RunAsync();
        var keys = Enumerable.Range(0, Tenants).Select(number => World.Ocm($"mcp-{number:000}")).ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, _) =>
        {
            await World.ControlPlaneAsync(key);
            await World.ApplyOcmAsync(key);
        });
        await Eventually.Async(
            () => World.Onboarding.Api.ListAllAsync(Api.Ocm),
            all => all.Count(ocm => ocm.Json.Text("status", "phase") == "Ready") == Tenants,
            "all are Ready");
    }

    private async Task RunAsync(JsonObject? spec = null)
    {
        await World.ConfigureAsync(spec);
        World.StartController();
    }

    private Task SecretRefAsync(ObjectKey ocm, string? name) => SeesAsync(
        PlatformKinds.OciRepository, ocm, source => source.Json.Text("spec", "secretRef", "name") == name);

    private Task CopiesAsync(ObjectKey ocm, params string[] names) => Eventually.Async(
        () => World.Platform.Api.ListAllAsync(Kinds.Secret),
        all => all.Where(secret => secret.Namespace == ProviderWorld.TenantNamespace(ocm) && secret.Name.StartsWith("sp-ocm-", StringComparison.Ordinal))
            .Select(secret => secret.Name).SequenceEqual(names),
        $"the copies are [{string.Join(", ", names)}]");

    private Task SeesAsync(ResourceKind kind, ObjectKey ocm, Func<KubeObject, bool> condition) => Eventually.Async(
        () => World.Platform.Api.GetAsync(kind, ProviderWorld.FluxKey(ocm), default), condition, $"{kind.Kind} of {ocm} is as desired");
}
