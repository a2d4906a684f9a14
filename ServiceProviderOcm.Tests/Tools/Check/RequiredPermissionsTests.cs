using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Check;

[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class RequiredPermissionsTests(ProviderApi api)
{
    private const string InitRoles = "service-provider-ocm-init";

    private readonly Identity _identity = new(api, "ocm", "provider-system");

    [Test]
    public void Required_permissions_on_the_platform_equal_the_deployed_roles()
    {
        var deployed = DeployedRoles.Of(api)
            .Where(role => role["metadata"]!["name"]!.GetValue<string>() != InitRoles)
            .SelectMany(role => Permission.Of(
                KubeObject.From(role).Json.Items("rules"), role["kind"]!.GetValue<string>() == "Role" ? _identity.PodNamespace : null));

        IEnumerable<RequiredPermission> needed =
        [
            .. RequiredPermissions.OnPlatform(_identity),
            .. RequiredPermissions.ForOnboardingAccess(_identity),
            .. RequiredPermissions.ForDetection(_identity),
            .. RequiredPermissions.ForLeaderElection(_identity),
            .. RequiredPermissions.ForSecureMetrics(),
        ];

        Assert.That(needed.SelectMany(Single), Is.EquivalentTo(deployed));
    }

    [Test]
    public void Required_permissions_on_the_onboarding_cluster_equal_the_requested_ones()
    {
        var purpose = OnboardingPurpose.Run(api);
        var request = OnboardingRequests.AccessRequest(_identity, purpose, OnboardingRequests.Key(_identity, purpose));
        var asked = Permission.Of(request.Json.Items("spec", "token", "permissions").Single().Items("rules"), ns: null);

        Assert.That(RequiredPermissions.OnOnboarding(api).SelectMany(Single), Is.EquivalentTo(asked));
    }

    private static IEnumerable<Permission> Single(RequiredPermission needed) =>
        from resource in needed.Rule.Resources
        from verb in needed.Rule.Verbs
        select new Permission(needed.Namespace, needed.Rule.ApiGroup, resource, needed.Name, verb);
}
