using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What <c>run</c> has to be allowed. A test holds <c>deploy/base</c> to it, and others hold that to what the controller does.</summary>
public static class NeededPermissions
{
    private static readonly string[] Follow = ["list", "watch"];
    private static readonly string[] Keep = ["list", "watch", "create", "patch", "delete"];

    /// <summary>On the platform cluster, in any case.</summary>
    public static IReadOnlyList<NeededPermission> OnPlatform(Identity identity) =>
    [
        Of(identity.Api.ProviderConfig, Follow),
        Of(Kinds.Namespace, Follow),
        Of(Kinds.ClusterRequest, Follow),
        Of(Kinds.AccessRequest, Keep),
        Of(Kinds.OciRepository, Keep) with { Name = Manifests.FluxName },
        Of(Kinds.HelmRelease, Keep) with { Name = Manifests.FluxName },
        Of(Kinds.Secret, Keep),
        Of(Kinds.ConfigMap, Follow) with { Namespace = identity.PodNamespace },
    ];

    /// <summary>On the platform cluster, to ask for access to the onboarding cluster.</summary>
    public static IReadOnlyList<NeededPermission> ForOnboardingAccess(Identity identity) =>
    [
        Of(Kinds.ClusterRequest, ["create", "patch"]) with
        {
            Namespace = identity.PodNamespace,
            Name = OnboardingRequests.Key(identity, OnboardingPurpose.Run(identity.Api)).Name,
        },
    ];

    /// <summary>On the platform cluster, to elect a leader.</summary>
    public static IReadOnlyList<NeededPermission> ForLeaderElection(Identity identity) =>
        [Of(Kinds.Lease, ["get", "watch", "create", "patch"]) with { Namespace = identity.PodNamespace }];

    /// <summary>On the platform cluster, to find out who may read the metrics.</summary>
    public static IReadOnlyList<NeededPermission> ForSecureMetrics() =>
        [Of(Kinds.TokenReview, ["create"]), Of(Kinds.SubjectAccessReview, ["create"])];

    /// <summary>On the onboarding cluster: what is asked of the platform.</summary>
    public static IReadOnlyList<NeededPermission> OnOnboarding(ProviderApi api) =>
        [.. OnboardingPurpose.Run(api).Rules.Select(rule => new NeededPermission(rule))];

    private static NeededPermission Of(ResourceKind kind, IReadOnlyList<string> verbs) =>
        new(new AccessRule(kind.Group, [kind.Plural], verbs));
}
