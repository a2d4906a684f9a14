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

    /// <summary>The same facts with the OCMs on the onboarding cluster.</summary>
    /// <exception cref="KubernetesApiException">The cluster is unreachable.</exception>
    public static async Task<GroupFacts> WithOcmsAsync(GroupFacts facts, IKubernetesApi onboarding, CancellationToken cancellationToken) =>
        facts with
        {
            Groups = await Task.WhenAll(facts.Groups.Select(group => CountAsync(group, onboarding, cancellationToken))),
        };

    /// <summary>The same facts with the number of OCMs that are installed, if that matters.</summary>
    /// <exception cref="KubernetesApiException">The cluster is unreachable.</exception>
    public static async Task<GroupFacts> WithInstalledAsync(GroupFacts facts, IKubernetesApi platform, CancellationToken cancellationToken)
    {
        if (!facts.IsContested)
        {
            return facts;
        }

        try
        {
            var requests = await platform.ListAllAsync(
                PlatformKinds.AccessRequest, new WatchScope { IsMetadataOnly = true }, cancellationToken);
            var managers = requests.Objects.ToDictionary(
                request => request.Key, request => request.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel));
            return facts with
            {
                Groups = [.. facts.Groups.Select(group => group with { Installed = group.Keys.Count(ocm => IsInstalled(managers, group.Api, ocm)) })],
            };
        }
        catch (KubernetesApiException exception) when (exception.IsDenied)
        {
            return facts with
            {
                Groups = [.. facts.Groups.Select(group => group with { Error = Combined(group.Error, exception.Message) })],
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

    private static async Task<GroupUse> CountAsync(GroupUse group, IKubernetesApi onboarding, CancellationToken cancellationToken)
    {
        try
        {
            var listing = await onboarding.ListAllAsync(group.Api.Ocm, new WatchScope { IsMetadataOnly = true }, cancellationToken);
            var moving = listing.Objects.Where(ocm => MigrationMarks.IsMoving(ocm, group.Api)).ToList();
            var arrived = listing.Objects.Where(ocm => MigrationMarks.HasArrived(ocm, group.Api)).ToList();
            IReadOnlyList<ObjectKey> others =
            [
                .. listing.Objects.Except(moving).Except(arrived).Select(ocm => ocm.Key),
                .. listing.Unreadable.Select(ocm => ocm.Key),
            ];
            return group with { IsServed = true, Ocms = others.Count, Keys = others, Moving = moving.Count, Arrived = arrived.Count };
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
