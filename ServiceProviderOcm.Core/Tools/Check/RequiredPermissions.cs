using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>
/// The permissions that <c>run</c> requires. Tests compare them with <c>deploy/base</c>, and that with the requests of the controller.
/// </summary>
public static class RequiredPermissions
{
    private static readonly string[] ReadVerbs = ["list", "watch"];
    private static readonly string[] ManageVerbs = ["list", "watch", "create", "patch", "delete"];

    /// <summary>On the platform cluster, always.</summary>
    public static IReadOnlyList<RequiredPermission> OnPlatform(Identity identity) =>
    [
        .. OfProviderConfig(identity.Api),
        Of(Kinds.Namespace, ReadVerbs),
        Of(PlatformKinds.ClusterRequest, ReadVerbs),
        Of(PlatformKinds.AccessRequest, ManageVerbs),
        Of(PlatformKinds.OciRepository, ManageVerbs) with { Name = ObjectNames.Flux },
        Of(PlatformKinds.HelmRelease, ManageVerbs) with { Name = ObjectNames.Flux },
        Of(Kinds.Secret, ManageVerbs),
        Of(Kinds.Event, ["create"]),
        Of(Kinds.ConfigMap, ReadVerbs) with { Namespace = identity.PodNamespace },
        Of(Kinds.ControllerRevision, ManageVerbs) with { Namespace = identity.PodNamespace },
    ];

    /// <summary>On the platform cluster, to request access to the onboarding cluster.</summary>
    public static IReadOnlyList<RequiredPermission> ForOnboardingAccess(Identity identity) =>
        [RequestOf(identity, ["create", "patch"])];

    /// <summary>
    /// On the platform cluster, to find out which API group is in use, to serve that, and to remove access that was requested for another.
    /// </summary>
    public static IReadOnlyList<RequiredPermission> ForDetection(Identity identity) =>
    [
        RequestOf(identity, ["delete"]),
        .. identity.Api.Others.SelectMany(
            api => OfProviderConfig(api).Append(RequestOf(identity with { Api = api }, ["create", "patch", "delete"]))),
    ];

    /// <summary>On the platform cluster, to elect a leader.</summary>
    public static IReadOnlyList<RequiredPermission> ForLeaderElection(Identity identity) =>
        [Of(Kinds.Lease, ["get", "watch", "create", "patch"]) with { Namespace = identity.PodNamespace }];

    /// <summary>On the platform cluster, to authorize readers of the metrics.</summary>
    public static IReadOnlyList<RequiredPermission> ForSecureMetrics() =>
        [Of(Kinds.TokenReview, ["create"]), Of(Kinds.SubjectAccessReview, ["create"])];

    /// <summary>On the onboarding cluster: what is requested from the platform.</summary>
    public static IReadOnlyList<RequiredPermission> OnOnboarding(ProviderApi api) =>
        [.. OnboardingPurpose.Run(api).Rules.Select(rule => new RequiredPermission(rule))];

    private static IEnumerable<RequiredPermission> OfProviderConfig(ProviderApi api) =>
    [
        Of(api.ProviderConfig, [.. ReadVerbs, "patch"]),
        new(new AccessRule(api.Group, [$"{api.ProviderConfig.Plural}/status"], ["patch"])),
    ];

    private static RequiredPermission RequestOf(Identity identity, IReadOnlyList<string> verbs) => Of(PlatformKinds.ClusterRequest, verbs) with
    {
        Namespace = identity.PodNamespace,
        Name = OnboardingRequests.Key(identity, OnboardingPurpose.Run(identity.Api)).Name,
    };

    private static RequiredPermission Of(ResourceKind kind, IReadOnlyList<string> verbs) =>
        new(new AccessRule(kind.Group, [kind.Plural], verbs));
}
