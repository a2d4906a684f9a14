using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>
/// Registers the served kinds in the status of the ServiceProvider. During a migration the kind of the other API group stays registered:
/// openmcp-operator deletes the OCMs of a control plane, and waits for them, in the registered groups only.
/// </summary>
public sealed partial class ServiceProviderStatus(IKubernetesApi platform, Identity identity, ILogger<ServiceProviderStatus> logger)
{
    /// <summary>Writes <c>status.resources</c> if it differs.</summary>
    /// <exception cref="SetupException">The ServiceProvider does not exist, or the request failed.</exception>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        var key = ObjectKey.ClusterScoped(identity.ProviderName);
        try
        {
            var provider = await platform.GetAsync(PlatformKinds.ServiceProvider, key, cancellationToken);
            var patch = (await StatusAsync(provider, cancellationToken)).ToElement();
            if (IsSame([.. provider.Json.Items("status", "resources")], [.. patch.Items("status", "resources")]))
            {
                return;
            }

            await platform.MergePatchAsync(PlatformKinds.ServiceProvider, key, patch, "status", cancellationToken);
            LogRegistered(identity.Api.Ocm, key.Name);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            throw new SetupException(
                $"ServiceProvider \"{key.Name}\" ({PlatformKinds.ServiceProvider.ApiVersion}) not found on the {platform.ClusterName}. Set "
                    + "--provider-name to its name, or set --standalone if openmcp-operator does not run this provider.",
                exception);
        }
        catch (KubernetesApiException exception)
        {
            throw new SetupException(
                $"Cannot update the status of ServiceProvider \"{key.Name}\" on the {platform.ClusterName}: "
                    + $"{exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}",
                exception);
        }
    }

    // In any order.
    private static bool IsSame(IReadOnlyList<JsonElement> reported, IReadOnlyList<JsonElement> wanted) =>
        reported.Count == wanted.Count && wanted.All(resource => reported.Any(other => JsonElement.DeepEquals(resource, other)));

    // The operator's schema requires observedGeneration, which the operator owns.
    private async Task<JsonObject> StatusAsync(KubeObject provider, CancellationToken cancellationToken)
    {
        var ocm = identity.Api.Ocm;
        var resources = new JsonArray(new JsonObject { ["group"] = ocm.Group, ["version"] = ocm.Version, ["kind"] = ocm.Kind });
        foreach (var other in provider.Json.Items("status", "resources"))
        {
            if (other.Text("kind") == ocm.Kind
                && other.Text("group") is { Length: > 0 } group
                && group != ocm.Group
                && await IsMigratedAsync(new ProviderApi(group), cancellationToken))
            {
                resources.Add((JsonNode?)JsonObject.Create(other));
            }
        }

        var status = new JsonObject { ["resources"] = resources };
        if (provider.Json.At("status", "observedGeneration") is null)
        {
            status["observedGeneration"] = 0;
        }

        return new JsonObject { ["status"] = status };
    }

    // `migrate` marks the ProviderConfig of the old group until nothing is left of it.
    private async Task<bool> IsMigratedAsync(ProviderApi other, CancellationToken cancellationToken)
    {
        var key = ObjectKey.ClusterScoped(identity.ProviderName);
        return await IsMovedAsync(other, identity.Api) || await IsMovedAsync(identity.Api, other);

        async Task<bool> IsMovedAsync(ProviderApi from, ProviderApi to) =>
            await platform.FindAsync(from.ProviderConfig, key, cancellationToken) is { } config && MigrationMarks.Target(config, from) == to.Group;
    }

    [LoggerMessage(LogLevel.Information, "Registered {Kind} with ServiceProvider {Name}")]
    private partial void LogRegistered(ResourceKind kind, string name);
}
