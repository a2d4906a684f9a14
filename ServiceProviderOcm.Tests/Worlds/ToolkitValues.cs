using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Helm values of the toolkit's chart.</summary>
public static class ToolkitValues
{
    /// <summary>Values by which the image pull secret is copied to control planes.</summary>
    public static JsonObject WithPullSecret() => new()
    {
        ["manager"] = new JsonObject { ["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = ProviderWorld.PullSecretName }) },
    };
}
