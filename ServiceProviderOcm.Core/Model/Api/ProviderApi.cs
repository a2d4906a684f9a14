using System.Globalization;
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

    // What is left of a request's name, shortened and with a suffix, for "<group>--".
    private const int LongestGroup = 46;

    /// <summary>The groups that providers on a platform may serve, of which this one serves the one that is in use.</summary>
    public static IReadOnlyList<string> KnownGroups { get; } = [DefaultGroup, RenamedGroup];

    /// <summary>The known groups but this one.</summary>
    public IEnumerable<ProviderApi> Others => KnownGroups.Where(group => group != Group).Select(group => new ProviderApi(group));

    /// <summary>Why this is no API group that can be served, as the end of a sentence without full stop; null if it can be.</summary>
    public static string? ErrorOf(string group) =>
        !DnsNames.IsSubdomain(group) || !group.Contains('.', StringComparison.Ordinal) ? $"is not an API group, such as {DefaultGroup}"
        : group.Length > LongestGroup ? string.Create(
            CultureInfo.InvariantCulture, $"is longer than {LongestGroup} characters, and names of requests would not contain all of it")
        : null;

    /// <summary>The tenants' object.</summary>
    public ResourceKind Ocm { get; } = new(Group, "v1alpha1", "OCM", "ocms");

    /// <summary>The platform operator's configuration, cluster-scoped.</summary>
    public ResourceKind ProviderConfig { get; } = new(Group, "v1alpha1", "ProviderConfig", "providerconfigs", IsNamespaced: false);

    /// <summary>The finalizer on each OCM.</summary>
    public string Finalizer => $"{Group}/finalizer";
}
