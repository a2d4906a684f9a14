using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>What there is before an OCM is installed for the first time; tests change it with <c>with</c>.</summary>
internal static class An
{
    public const string Finalizer = "ocm.services.openmcp.cloud/finalizer";

    public const string PullSecret = "registry";

    public const string SecretValue = "dG9wLXNlY3JldA==";

    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Identity Identity = new(new ProviderApi(ProviderApi.DefaultGroup), "ocm", "openmcp-system");

    public static readonly string Tenant = PlatformNames.TenantNamespace("project-team", "alpha");

    public static Observation Observation() => new()
    {
        Identity = Identity,
        Now = Now,
        Ocm = Ocm(),
        TenantNamespaceName = Tenant,
        Config = Config("{}"),
        TenantNamespace = KubeObject.Parse($$"""{ "kind": "Namespace", "metadata": { "name": "{{Tenant}}" } }"""),
        ClusterRequest = KubeObject.Parse(
            $$"""{ "kind": "ClusterRequest", "metadata": { "name": "alpha", "namespace": "{{Tenant}}" } }"""),
    };

    public static KubeObject Ocm() => KubeObject.Parse(
        """
        {
          "apiVersion": "ocm.services.openmcp.cloud/v1alpha1",
          "kind": "OCM",
          "metadata": { "name": "alpha", "namespace": "project-team", "uid": "ocm-uid", "resourceVersion": "7", "generation": 3 },
          "spec": { "version": "0.4.0" }
        }
        """);

    public static ObservedUserObjects Repositories(params string[] names) => ObservedUserObjects.Of(UserObjectsOfKind.Of("Repository", names));

    public static InstallConfig Config(string spec) => InstallConfigReader.Read(Identity, ProviderConfig(spec));

    public static KubeObject ProviderConfig(string spec, string uid = "config-uid", string resourceVersion = "1") => KubeObject.From(new JsonObject
    {
        ["kind"] = "ProviderConfig",
        ["metadata"] = new JsonObject { ["name"] = "ocm", ["uid"] = uid, ["resourceVersion"] = resourceVersion },
        ["spec"] = JsonNode.Parse(spec),
    });

    /// <summary>A sound CA bundle; what is in it does not matter once it has been read.</summary>
    public static readonly CaBundle CaBundle = new("certificates\n", IsInjected: false);

    public static KubeObject Source(string name = PullSecret, string type = "kubernetes.io/dockerconfigjson") => KubeObject.Parse(
        $$"""
        {
          "kind": "Secret",
          "metadata": { "name": "{{name}}", "namespace": "openmcp-system" },
          "type": "{{type}}",
          "data": { ".dockerconfigjson": "{{SecretValue}}" }
        }
        """);
}
