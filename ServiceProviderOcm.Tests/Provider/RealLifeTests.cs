using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>A whole life of an OCM on real API servers. What happens in other situations is tested on the sandbox.</summary>
public sealed class RealLifeTests : SharedServersFixture
{
    private readonly string _certificate = new TestPki("platform").Pem;

    // The clusters are shared, and so is the namespace of the toolkit on the control plane.
    private string PullSecret => $"registry-{World.ProviderName}";

    private ObjectKey Copy => new(ObjectNames.ToolkitNamespace, PullSecret);

    [Test]
    public async Task An_OCM_is_installed_repaired_upgraded_and_deleted_after_its_Repositories()
    {
        await World.PullSecretAsync(name: PullSecret);
        await World.CaBundleAsync(_certificate);
        await World.ConfigureAsync(new JsonObject
        {
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = PullSecret },
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" },
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject { ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = PullSecret }) },
            },
        });
        World.StartController();
        await World.ReadyTenantAsync();
        await World.EventAsync(Ocm, "ReconcileSuccess");

        // A Secret's edit, a rotation, and a type that cannot be changed in place, all of them on the control plane.
        var before = await World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default);
        await World.Mcp.Api.MergePatchAsync(Kinds.Secret, Copy, Patch("""{"data":{".dockerconfigjson":"e30=","extra":"e30="}}"""));
        await CopyAsync(copy => copy.Json.At("data")!.Value.GetRawText() == before.Json.At("data")!.Value.GetRawText());
        var rotated = await World.PullSecretAsync("second", name: PullSecret);
        await CopyAsync(copy => copy.Json.Text("data", ".dockerconfigjson") == rotated.Json.Text("data", ".dockerconfigjson"));
        await World.Platform.Api.DeleteAsync(Kinds.Secret, rotated.Key);
        await World.SeesAsync(Ocm, "ImagePullSecretMissing");
        await World.PullSecretAsync("third", name: PullSecret);
        await World.ReadyAsync(Ocm);

        // The condition of another manager, before an upgrade.
        await World.Onboarding.Api.MergePatchAsync(Api.Ocm, Ocm, JsonReading.Parse((await WithConditionAsync("Audited")).ToJsonString()), "status", default);
        await World.ApplyOcmAsync(Ocm, "0.4.0");
        await World.ReadyAsync(Ocm);
        await Eventually.Async(
            async () => (await World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default)).Json,
            ocm => ocm.Number("status", "observedGeneration") == ocm.Number("metadata", "generation")
                && ocm.Items("status", "conditions").Any(condition => condition.Text("type") == "Audited"),
            "the other condition is preserved");
        var source = await World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default);
        Assert.That(source.Json.Text("spec", "ref", "tag"), Is.EqualTo("0.4.0"));

        var repository = new ObjectKey("default", World.ProviderName);
        await World.Mcp.Api.ApplyAsync(PlatformKinds.Repository, Repository(repository));
        await World.DeleteOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "RepositoriesExist");
        await World.Mcp.Api.DeleteAsync(PlatformKinds.Repository, repository);
        await World.GoneAsync(Ocm);
        await Eventually.Async(() => World.LeftoversAsync(Ocm), left => left.Count == 0, "nothing is left on the platform cluster");
        Assert.That(await World.PlacedAsync(), Is.Empty);
    }

    [Test]
    public async Task A_Secret_of_another_owner_and_type_is_not_modified_until_its_owner_deletes_it()
    {
        await World.NamespaceAsync(World.Mcp, ObjectNames.ToolkitNamespace);
        await World.PullSecretAsync(name: PullSecret);
        var theirs = await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Copy.Namespace, ["name"] = Copy.Name },
            ["type"] = "Opaque",
            ["stringData"] = new JsonObject { ["theirs"] = "hush-hush" },
        });
        await World.ConfigureAsync(new JsonObject
        {
            ["values"] = new JsonObject
            {
                ["manager"] = new JsonObject { ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = PullSecret }) },
            },
        });
        World.StartController();
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm);

        await World.SeesAsync(Ocm, "ObjectNotManaged");
        Assert.That((await World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default)).ResourceVersion, Is.EqualTo(theirs.ResourceVersion));

        await World.Mcp.Api.DeleteAsync(Kinds.Secret, Copy);
        await World.ApplyOcmAsync(Ocm, operation: "reconcile");
        await World.ReadyAsync(Ocm);
    }

    private static JsonObject Patch(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Repository(ObjectKey key) => new()
    {
        ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
        ["spec"] = new JsonObject
        {
            ["interval"] = "1m",
            ["repositorySpec"] = new JsonObject { ["type"] = "OCIRegistry", ["baseUrl"] = "r.example.com" },
        },
    };

    private Task CopyAsync(Func<KubeObject, bool> condition) => Eventually.Async(
        () => World.Mcp.Api.GetAsync(Kinds.Secret, Copy, default), condition, $"Secret {Copy} is a copy of its source");

    private async Task<JsonObject> WithConditionAsync(string type)
    {
        var ocm = await World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default);
        var conditions = (JsonArray)JsonNode.Parse(ocm.Json.At("status", "conditions")!.Value.GetRawText())!;
        conditions.Add((JsonNode)new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["reason"] = "Yes",
            ["message"] = "By another manager.",
            ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        });
        return new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } };
    }
}
