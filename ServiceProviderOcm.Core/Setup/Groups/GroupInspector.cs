using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>Reads what exists of the known API groups.</summary>
/// <param name="providerName">The name of the provider; empty if it does not matter.</param>
/// <param name="setting">The configured group; empty if none is.</param>
public sealed class GroupInspector(string providerName, string setting)
{
    // The longest group whose names of requests contain all of it.
    private const int LongestGroup = 46;

    /// <summary>What the platform cluster has.</summary>
    /// <exception cref="KubernetesApiException">The cluster is unreachable.</exception>
    public async Task<GroupFacts> ReadPlatformAsync(IKubernetesApi platform, CancellationToken cancellationToken)
    {
        var groups = await Task.WhenAll(ProviderApi.KnownGroups.Select(async group =>
        {
            var api = new ProviderApi(group);
            return new GroupUse(api) { HasProviderConfig = await FindAsync(platform, api.ProviderConfig, cancellationToken) is not null };
        }));
        var provider = await FindAsync(platform, PlatformKinds.ServiceProvider, cancellationToken);
        return new GroupFacts(providerName, setting, groups) { Registered = provider is null ? [] : RegisteredBy(provider) };
    }

    /// <summary>Nothing is known of the platform cluster.</summary>
    public GroupFacts WithoutPlatform() =>
        new(providerName, setting, [.. ProviderApi.KnownGroups.Select(group => new GroupUse(new ProviderApi(group)))]);

    /// <summary>The same facts with the OCMs on the onboarding cluster.</summary>
    /// <exception cref="KubernetesApiException">The cluster is unreachable.</exception>
    public static async Task<GroupFacts> WithOcmsAsync(GroupFacts facts, IKubernetesApi onboarding, CancellationToken cancellationToken) =>
        facts with
        {
            Groups = await Task.WhenAll(facts.Groups.Select(group => CountAsync(group, onboarding, cancellationToken))),
        };

    /// <summary>The same facts without access to the onboarding cluster.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="why">Why there is no access.</param>
    public static GroupFacts WithoutOcms(GroupFacts facts, string why) =>
        facts with { Groups = [.. facts.Groups.Select(group => group with { Unlisted = why })] };

    /// <summary>The groups whose OCMs a ServiceProvider registers.</summary>
    public static IReadOnlyList<string> RegisteredBy(KubeObject serviceProvider) =>
    [
        .. serviceProvider.Json.Items("status", "resources")
            .Where(resource => resource.Text("kind") == new ProviderApi(ProviderApi.DefaultGroup).Ocm.Kind)
            .Select(resource => resource.Text("group"))
            .OfType<string>()
            .Where(group => DnsNames.IsSubdomain(group) && group.Length <= LongestGroup)
            .Distinct(StringComparer.Ordinal),
    ];

    private static async Task<GroupUse> CountAsync(GroupUse group, IKubernetesApi onboarding, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await onboarding.ListAllAsync(group.Api.Ocm, new WatchScope { IsMetadataOnly = true }, cancellationToken);
            var ocms = listing.Objects;
            var moving = ocms.Count(ocm => MigrationMarks.IsMoving(ocm, group.Api));
            var arrived = ocms.Count(ocm => MigrationMarks.HasArrived(ocm, group.Api));
            return group with { IsServed = true, Ocms = ocms.Count - moving - arrived + listing.Unreadable.Count, Moving = moving, Arrived = arrived };
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return group;
        }
        catch (KubernetesApiException exception) when (IsDenied(exception))
        {
            return group with { Unlisted = exception.Message };
        }
    }

    // A deployment without openmcp-operator may read neither ServiceProviders nor the ProviderConfigs of a group that it never serves.
    private async Task<KubeObject?> FindAsync(IKubernetesApi platform, ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            return providerName.Length == 0
                ? null
                : await platform.FindAsync(kind, ObjectKey.ClusterScoped(providerName), cancellationToken);
        }
        catch (KubernetesApiException exception) when (IsDenied(exception))
        {
            return null;
        }
    }

    private static bool IsDenied(KubernetesApiException exception) => exception.Code is 401 or 403;
}
