using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Deploy;
using ServiceProviderOcm.Tests.Provider;

namespace ServiceProviderOcm.Tests.Tools.Check;

[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class NeededPermissionsTests(ProviderApi api)
{
    private const string InitRoles = "service-provider-ocm-init";

    private readonly Identity _identity = new(api, ProviderWorld.ProviderName, ProviderWorld.PodNamespace);

    [Test]
    public void What_is_needed_on_the_platform_is_what_is_deployed()
    {
        var deployed = DeployedRoles.Of(api)
            .Where(role => role["metadata"]!["name"]!.GetValue<string>() != InitRoles)
            .SelectMany(role => Permission.Of(
                KubeObject.From(role).Json.Items("rules"), role["kind"]!.GetValue<string>() == "Role" ? _identity.PodNamespace : null));

        IEnumerable<NeededPermission> needed =
        [
            .. NeededPermissions.OnPlatform(_identity),
            .. NeededPermissions.ForOnboardingAccess(_identity),
            .. NeededPermissions.ForLeaderElection(_identity),
            .. NeededPermissions.ForSecureMetrics(),
        ];

        Assert.That(needed.SelectMany(Single), Is.EquivalentTo(deployed));
    }

    [Test]
    public void What_is_needed_on_the_onboarding_cluster_is_what_is_asked_for()
    {
        var purpose = OnboardingPurpose.Run(api);
        var request = OnboardingRequests.AccessRequest(_identity, purpose, OnboardingRequests.Key(_identity, purpose));
        var asked = Permission.Of(request.Json.Items("spec", "token", "permissions").Single().Items("rules"), ns: null);

        Assert.That(NeededPermissions.OnOnboarding(api).SelectMany(Single), Is.EquivalentTo(asked));
    }

    private static IEnumerable<Permission> Single(NeededPermission needed) =>
        from resource in needed.Rule.Resources
        from verb in needed.Rule.Verbs
        select new Permission(needed.Namespace, needed.Rule.ApiGroup, resource, needed.Name, verb);
}
