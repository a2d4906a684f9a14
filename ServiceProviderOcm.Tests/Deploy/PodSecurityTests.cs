using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>Admission of the pod, by servers that check the Pod Security Standards.</summary>
[Category("RealServer")]
public sealed class PodSecurityTests
{
    private const string Enforced = "service-provider-ocm-restricted";

    private static readonly ResourceKind Pod = new("", "v1", "Pod", "pods", IsNamespaced: true);
    private static readonly ResourceKind ServiceAccount = new("", "v1", "ServiceAccount", "serviceaccounts", IsNamespaced: true);
    private static readonly ResourceKind PriorityClass = new("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", IsNamespaced: false);

    [Test]
    public async Task The_pod_is_admitted_to_a_namespace_that_enforces_the_profile_restricted()
    {
        var platform = (await TestClusters.GetAsync()).Platform;
        var rendered = await Kustomize.RenderAsync("deploy/base");
        await platform.Api.ApplyAsync(Kinds.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Enforced,
                ["labels"] = new JsonObject { ["pod-security.kubernetes.io/enforce"] = "restricted" },
            },
        });
        await platform.Api.ApplyAsync(ServiceAccount, Named("service-provider-ocm"));
        await platform.Api.ApplyAsync(PriorityClass, Only(rendered, "PriorityClass"));
        if (await IsAdmittedAsync(platform, Unrestricted()))
        {
            Assert.Ignore("This API server does not enforce the Pod Security Standards: an unrestricted pod is admitted.");
        }

        Assert.That(await IsAdmittedAsync(platform, Deployed(rendered)), Is.True);
    }

    private static async Task<bool> IsAdmittedAsync(TestCluster cluster, JsonObject pod)
    {
        try
        {
            var created = await cluster.Api.CreateAsync(Pod, KubeObject.From(pod), CancellationToken.None);
            await cluster.Api.DeleteAsync(Pod, created.Key);
            return true;
        }
        catch (KubernetesApiException rejected) when (rejected.Message.Contains("PodSecurity", StringComparison.OrdinalIgnoreCase))
        {
            TestContext.Out.WriteLine(rejected.Message);
            return false;
        }
    }

    private static JsonObject Deployed(IEnumerable<JsonObject> rendered) =>
        PodOf("deployed", Only(rendered, "Deployment")["spec"]!["template"]!["spec"]!.DeepClone());

    // As root, for all that its container says.
    private static JsonObject Unrestricted() => PodOf("unrestricted", new JsonObject
    {
        ["containers"] = new JsonArray(new JsonObject { ["name"] = "run", ["image"] = "example.com/any" }),
    });

    private static JsonObject PodOf(string name, JsonNode spec)
    {
        var pod = Named(name);
        pod["apiVersion"] = Pod.ApiVersion;
        pod["kind"] = Pod.Kind;
        pod["spec"] = spec;
        return pod;
    }

    private static JsonObject Named(string name) =>
        new() { ["metadata"] = new JsonObject { ["namespace"] = Enforced, ["name"] = name } };

    private static JsonObject Only(IEnumerable<JsonObject> rendered, string kind) =>
        rendered.Single(item => item["kind"]!.GetValue<string>() == kind);
}
