using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Controller;

/// <summary>Steps on a control plane.</summary>
internal static class Steps
{
    public static PlanStep Apply(string name, string content = "") => new ApplyStep(
        TargetCluster.ControlPlane,
        Kinds.Secret,
        Secret(name, new JsonObject { ["stringData"] = new JsonObject { ["a"] = content } }),
        new ApplyTarget.Common());

    public static PlanStep Delete(string name) => new DeleteStep(TargetCluster.ControlPlane, Kinds.Secret, Secret(name, []));

    private static KubeObject Secret(string name, JsonObject content)
    {
        content["metadata"] = new JsonObject { ["namespace"] = "toolkit", ["name"] = name, ["uid"] = "u", ["resourceVersion"] = "1" };
        return KubeObject.From(content);
    }
}
