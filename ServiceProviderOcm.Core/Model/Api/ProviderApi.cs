using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>
/// The API group this provider serves, and every name that derives from it. The Go provider renamed its group in June 2026
/// without changing anything else, so that the group is a setting here.
/// </summary>
/// <param name="Group">Such as <see cref="DefaultGroup"/>.</param>
public sealed record ProviderApi(string Group)
{
    /// <summary>The group served unless configured otherwise.</summary>
    public const string DefaultGroup = "ocm.services.openmcp.cloud";

    /// <summary>The group of the renamed Go provider.</summary>
    public const string RenamedGroup = "ocm.services.open-control-plane.io";

    /// <summary>The groups that providers on a platform may serve, of which this one serves the one that is in use.</summary>
    public static IReadOnlyList<string> KnownGroups { get; } = [DefaultGroup, RenamedGroup];

    /// <summary>The tenants' object.</summary>
    public ResourceKind Ocm { get; } = new(Group, "v1alpha1", "OCM", "ocms");

    /// <summary>The platform operator's configuration, cluster-scoped.</summary>
    public ResourceKind ProviderConfig { get; } = new(Group, "v1alpha1", "ProviderConfig", "providerconfigs", IsNamespaced: false);

    /// <summary>The finalizer on each OCM.</summary>
    public string Finalizer => $"{Group}/finalizer";
}
