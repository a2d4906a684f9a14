using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>Reads what exists of the known API groups.</summary>
/// <param name="providerName">The name of the provider; empty if it does not matter.</param>
/// <param name="setting">The configured group; empty if none is.</param>
/// <param name="isStandalone">Whether openmcp-operator does not run this provider, so that there is no ServiceProvider.</param>
public sealed class GroupInspector(string providerName, string setting, bool isStandalone = false)
{
    private static readonly Dictionary<ObjectKey, string?> NoRequests = [];

    /// <summary>What the platform cluster has. What may not be read is part of the facts.</summary>
    /// <exception cref="KubernetesApiException">The cluster is unreachable.</exception>
    public async Task<GroupFacts> ReadPlatformAsync(IKubernetesApi platform, CancellationToken cancellationToken)
    {
        var groups = await Task.WhenAll(
            ProviderApi.KnownGroups.Select(group => UseAsync(new ProviderApi(group), platform, cancellationToken)));
        var (provider, error) = isStandalone
            ? (null, "")
            : await FindAsync(platform, PlatformKinds.ServiceProvider, cancellationToken);
        return new GroupFacts(providerName, setting, groups)
        {
            Registered = provider is null ? [] : RegisteredBy(provider),
            RegistrationError = error,
        };
    }

    /// <summary>Nothing is known of the platform cluster.</summary>
    public GroupFacts WithoutPlatform() =>
        new(providerName, setting, [.. ProviderApi.KnownGroups.Select(group => new GroupUse(new ProviderApi(group)))]);

    /// <summary>The same facts with the OCMs on the onboarding cluster, and with the number of those that are installed if that matters.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="onboarding">The onboarding cluster.</param>
    /// <param name="platform">The platform cluster; null if there is no access to it.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A cluster is unreachable.</exception>
    public static async Task<GroupFacts> WithOcmsAsync(
        GroupFacts facts, IKubernetesApi onboarding, IKubernetesApi? platform, CancellationToken cancellationToken)
    {
        var counted = await CountAsync(facts, onboarding, NoRequests, cancellationToken);
        if (platform is null || !counted.IsContested)
        {
            return counted;
        }

        try
        {
            var requests = await platform.ListAllAsync(
                PlatformKinds.AccessRequest, new WatchScope { IsMetadataOnly = true }, cancellationToken);
            var managers = requests.Objects.ToDictionary(
                request => request.Key, request => request.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel));
            return await CountAsync(facts, onboarding, managers, cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsDenied)
        {
            return counted with
            {
                Groups = [.. counted.Groups.Select(group => group with { Error = Combined(group.Error, exception.Message) })],
            };
        }
    }

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
            .Where(group => ProviderApi.ErrorOf(group) is null)
            .Distinct(StringComparer.Ordinal),
    ];

    // The managers of the AccessRequests decide which OCMs are installed.
    private static async Task<GroupFacts> CountAsync(
        GroupFacts facts, IKubernetesApi onboarding, IReadOnlyDictionary<ObjectKey, string?> managers, CancellationToken cancellationToken) =>
        facts with
        {
            Groups = await Task.WhenAll(facts.Groups.Select(group => CountAsync(group, onboarding, managers, cancellationToken))),
        };

    private static async Task<GroupUse> CountAsync(
        GroupUse group, IKubernetesApi onboarding, IReadOnlyDictionary<ObjectKey, string?> managers, CancellationToken cancellationToken)
    {
        try
        {
            return await onboarding.AggregateAsync(
                group.Api.Ocm,
                new WatchScope { IsMetadataOnly = true },
                group with { IsServed = true },
                (counted, page) => Add(counted, page, managers),
                cancellationToken);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return group;
        }
        catch (KubernetesApiException exception) when (exception.IsDenied)
        {
            return group with { Error = Combined(group.Error, exception.Message) };
        }
    }

    private static GroupUse Add(GroupUse group, ListPage page, IReadOnlyDictionary<ObjectKey, string?> managers)
    {
        var moving = page.Items.Count(ocm => MigrationMarks.IsMoving(ocm, group.Api));
        var arrived = page.Items.Count(ocm => MigrationMarks.HasArrived(ocm, group.Api));
        IReadOnlyList<ObjectKey> settled =
        [
            .. page.Items.Where(ocm => !MigrationMarks.IsMoving(ocm, group.Api) && !MigrationMarks.HasArrived(ocm, group.Api)).Select(ocm => ocm.Key),
            .. page.Unreadable.Select(ocm => ocm.Key),
        ];
        return group with
        {
            Ocms = group.Ocms + settled.Count,
            Installed = group.Installed + settled.Count(ocm => IsInstalled(managers, group.Api, ocm)),
            Moving = group.Moving + moving,
            Arrived = group.Arrived + arrived,
        };
    }

    private async Task<GroupUse> UseAsync(ProviderApi api, IKubernetesApi platform, CancellationToken cancellationToken)
    {
        var (config, error) = await FindAsync(platform, api.ProviderConfig, cancellationToken);
        return new GroupUse(api)
        {
            HasProviderConfig = config is not null,
            IsRecorded = config?.At("status", "ocms") is not null,
            MovesTo = config is null ? "" : MigrationMarks.Target(config, api),
            Error = error,
        };
    }

    // What may not be read is not missing.
    private async Task<(KubeObject? Found, string Error)> FindAsync(
        IKubernetesApi platform, ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            return providerName.Length == 0
                ? (null, "")
                : (await platform.FindAsync(kind, ObjectKey.ClusterScoped(providerName), cancellationToken), "");
        }
        catch (KubernetesApiException exception) when (exception.IsDenied)
        {
            return (null, exception.Message);
        }
    }

    private static bool IsInstalled(IReadOnlyDictionary<ObjectKey, string?> managers, ProviderApi api, ObjectKey ocm) =>
        managers.GetValueOrDefault(
            new ObjectKey(PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name), ObjectNames.AccessRequest(api, ocm.Name)))
        == ObjectNames.LabelValue(api.Group);

    private static string Combined(string one, string other) => one.Length == 0 ? other : $"{one.TrimEnd('.')}; {other}";
}
