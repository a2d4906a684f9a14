using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>What access to the onboarding cluster is for, and what that takes.</summary>
/// <param name="LocalName">What the requests are called behind our API group.</param>
/// <param name="Rules">The permissions asked for, and no others.</param>
public sealed record OnboardingPurpose(string LocalName, IReadOnlyList<AccessRule> Rules)
{
    /// <summary>To install CustomResourceDefinitions.</summary>
    public static readonly OnboardingPurpose Init = new(
        "onboarding-init",
        [new(Kinds.CustomResourceDefinition.Group, [Kinds.CustomResourceDefinition.Plural], ["list", "watch", "create", "patch"])]);

    /// <summary>To run the controller.</summary>
    public static OnboardingPurpose Run(ProviderApi api) => new(
        "onboarding-run",
        [
            new(api.Group, [api.Ocm.Plural], ["list", "watch", "patch"]),
            new(api.Group, [$"{api.Ocm.Plural}/status"], ["patch"]),
            new(Kinds.Event.Group, [Kinds.Event.Plural], ["create"]),
        ]);
}
