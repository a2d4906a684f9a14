using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// Objects that others made, with the names of managed ones: never overwritten, reported, adopted only by labels, never deleted.
/// </summary>
public sealed class ForeignObjectTests : ProviderFixture
{
    private static readonly (string Name, bool IsOnControlPlane, ResourceKind Kind, string ObjectName, string Content)[] All =
    [
        ("OCIRepository", false, PlatformKinds.OciRepository, ObjectNames.Flux, """{"spec":{"interval":"5m","url":"oci://r.example.com/theirs"}}"""),
        ("HelmRelease", false, PlatformKinds.HelmRelease, ObjectNames.Flux, """{"spec":{"interval":"5m","values":{"theirs":1}}}"""),
        ("Secret copy", false, Kinds.Secret, "sp-ocm-registry", """{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"e30="}}"""),
        ("empty Secret copy", false, Kinds.Secret, "sp-ocm-registry", """{"type":"Opaque"}"""),
        ("CA bundle", false, Kinds.Secret, ObjectNames.CaBundle, """{"type":"Opaque","data":{"theirs":"e30="}}"""),
        ("ConfigMap on the control plane", true, Kinds.ConfigMap, ObjectNames.CaBundle, """{"data":{"theirs":"x"}}"""),
        ("Secret on the control plane", true, Kinds.Secret, "registry", """{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"e30="}}"""),
    ];

    private static IEnumerable<TestCaseData> Cases => All.Select(each => new TestCaseData(
        each.IsOnControlPlane, each.Kind, each.ObjectName, each.Content).SetArgDisplayNames(each.Name));

    [SetUp]
    public async Task Start()
    {
        await World.CaBundleAsync(new TestPki().Pem);
        await World.PullSecretAsync();
        await World.ConfigureAsync(new JsonObject
        {
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" },
            ["values"] = JsonNode.Parse("""{"manager":{"imagePullSecrets":[{"name":"registry"}]}}"""),
        });
        World.StartController();
        await World.ControlPlaneAsync(Ocm);
        await World.NamespaceAsync(World.Mcp, ObjectNames.ToolkitNamespace);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_foreign_object_is_reported_and_neither_modified_nor_deleted(
        bool isOnControlPlane, ResourceKind kind, string name, string content)
    {
        var (api, theirs) = await CreateAsync(isOnControlPlane, kind, name, content);
        await World.ApplyOcmAsync(Ocm);

        var reported = await World.SeesAsync(Ocm, "ObjectNotManaged");
        Assert.That(
            reported.ReadyCondition.Text("message"),
            Does.StartWith($"{kind.Kind} {theirs.Key} on the ").And.Contain($"{ObjectNames.ManagedByLabel}={Api.Group}"));
        Assert.That(Content(await api.GetAsync(kind, theirs.Key, default)), Is.EqualTo(Content(theirs)));

        await World.DeleteOcmAsync(Ocm);
        await World.GoneAsync(Ocm);
        Assert.That(Content(await api.GetAsync(kind, theirs.Key, default)), Is.EqualTo(Content(theirs)));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_foreign_object_is_adopted_once_it_has_the_labels(bool isOnControlPlane, ResourceKind kind, string name, string content)
    {
        var (api, theirs) = await CreateAsync(isOnControlPlane, kind, name, content);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ObjectNotManaged");

        await api.MergePatchAsync(kind, theirs.Key, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject
                {
                    [ObjectNames.ManagedByLabel] = Api.Group,
                    [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
                },
            },
        });

        await World.ReadyAsync(Ocm);
        Assert.That(Content(await api.GetAsync(kind, theirs.Key, default)), Is.Not.EqualTo(Content(theirs)));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_foreign_object_is_created_anew_once_it_is_deleted(bool isOnControlPlane, ResourceKind kind, string name, string content)
    {
        var (api, theirs) = await CreateAsync(isOnControlPlane, kind, name, content);
        await World.ApplyOcmAsync(Ocm);
        await World.SeesAsync(Ocm, "ObjectNotManaged");

        await api.DeleteAsync(kind, theirs.Key);

        await World.ReadyAsync(Ocm);
    }

    private static string Content(KubeObject subject) => string.Join(
        '\n', subject.Uid, subject.At("spec")?.GetRawText(), subject.At("data")?.GetRawText(), subject.Text("type"), subject.Labels.Count);

    private async Task<(TestKubernetesApi Api, KubeObject Theirs)> CreateAsync(
        bool isOnControlPlane, ResourceKind kind, string name, string content)
    {
        var manifest = (JsonObject)JsonNode.Parse(content)!;
        manifest["apiVersion"] = kind.ApiVersion;
        manifest["kind"] = kind.Kind;
        manifest["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = isOnControlPlane ? ObjectNames.ToolkitNamespace : ProviderWorld.TenantNamespace(Ocm),
        };
        var api = isOnControlPlane ? World.Mcp.Api : World.Platform.Api;
        return (api, await api.CreateAsync(kind, KubeObject.From(manifest), default));
    }
}
