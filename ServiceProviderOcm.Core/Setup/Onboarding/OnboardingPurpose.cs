using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>A purpose of access to the onboarding cluster, with its permissions.</summary>
/// <param name="LocalName">The name of the requests, after the API group.</param>
/// <param name="Rules">The requested permissions.</param>
public sealed record OnboardingPurpose(string LocalName, IReadOnlyList<AccessRule> Rules)
{
    /// <summary>To install CustomResourceDefinitions.</summary>
    public static readonly OnboardingPurpose Init = new(
        "onboarding-init",
        [new(Kinds.CustomResourceDefinition.Group, [Kinds.CustomResourceDefinition.Plural], ["list", "watch", "create", "patch"])]);

    /// <summary>
    /// Whether a leader may be working with it: another replica, another release, or the Go provider, which uses the same name. Permissions are
    /// then added, and removed by the next leader (<see cref="OnboardingReduction"/>).
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>To run the controller.</summary>
    public static OnboardingPurpose Run(ProviderApi api) => new(
        "onboarding-run",
        [
            new(api.Group, [api.Ocm.Plural], ["list", "watch", "patch"]),
            new(api.Group, [$"{api.Ocm.Plural}/status"], ["patch"]),
            new(Kinds.Event.Group, [Kinds.Event.Plural], ["create"]),
            new(Kinds.Lease.Group, [Kinds.Lease.Plural], ["get"]),
        ])
    {
        IsShared = true,
    };

    /// <summary>To move OCMs from one API group to another.</summary>
    public static OnboardingPurpose Migrate(ProviderApi from, ProviderApi to) => new(
        "onboarding-migrate",
        [
            new(from.Group, [from.Ocm.Plural], ["list", "patch", "delete"]),
            new(to.Group, [to.Ocm.Plural], ["list", "create", "patch", "delete"]),
            new(Kinds.Lease.Group, [Kinds.Lease.Plural], ["get"]),
            .. Init.Rules,
        ]);

    /// <summary>The same with the permission to find out which of the known API groups is in use.</summary>
    /// <param name="served">The group that this purpose covers already; null if none.</param>
    public OnboardingPurpose WithDetection(ProviderApi? served) => this with
    {
        Rules =
        [
            .. Rules,
            .. ProviderApi.KnownGroups.Where(group => group != served?.Group)
                .Select(group => new AccessRule(group, [new ProviderApi(group).Ocm.Plural], ["list"])),
        ],
    };
}
