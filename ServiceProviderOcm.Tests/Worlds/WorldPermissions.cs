using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Gives the controller the permissions that <c>deploy/</c> and its own AccessRequest say, and no others.</summary>
public sealed class WorldPermissions(TestClusterSet clusters, WorldNames names)
{
    /// <summary>Those on the platform cluster.</summary>
    public async Task GrantDeployedRolesAsync()
    {
        foreach (var role in DeployedRoles.Of(names.Api))
        {
            await clusters.Platform.GrantAsync(names.User, role, names.PodNamespace);
        }
    }

    /// <summary>Those on the onboarding cluster that <c>run</c> requests for an API group that it is given.</summary>
    /// <returns>The kubeconfig.</returns>
    public Task<string> GrantRunAsync(Identity identity) => GrantAsync(identity, OnboardingPurpose.Run(identity.Api));

    /// <summary>Those on the onboarding cluster that <c>run</c> requests to find out which API group to serve.</summary>
    /// <returns>The kubeconfig.</returns>
    public Task<string> GrantDetectingRunAsync(Identity identity) =>
        GrantAsync(identity, OnboardingPurpose.Run(identity.Api).WithDetection(identity.Api));

    /// <summary>Those on the onboarding cluster that an AccessRequest has, instead of those that it had.</summary>
    /// <returns>The kubeconfig.</returns>
    public async Task<string> GrantOnboardingAsync(KubeObject request)
    {
        var rules = request.Json.Items("spec", "token", "permissions")
            .SelectMany(permission => permission.Items("rules"))
            .Select(rule => JsonSerializer.SerializeToNode(rule));
        await clusters.Onboarding.GrantAsync(names.User, request.Name, new JsonArray([.. rules]));
        return clusters.Onboarding.Kubeconfig(names.User);
    }

    private Task<string> GrantAsync(Identity identity, OnboardingPurpose purpose) => GrantOnboardingAsync(
        OnboardingRequests.AccessRequest(identity, purpose, OnboardingRequests.Key(identity, purpose)));
}
