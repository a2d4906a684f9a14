using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>Registers the served kinds in the status of the ServiceProvider.</summary>
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
            var patch = Status(provider).ToElement();
            if (provider.Json.At("status", "resources") is { } reported
                && JsonElement.DeepEquals(reported, patch.At("status", "resources")!.Value))
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

    // The operator's schema requires observedGeneration, which the operator owns.
    private JsonObject Status(KubeObject provider)
    {
        var ocm = identity.Api.Ocm;
        var status = new JsonObject
        {
            ["resources"] = new JsonArray(new JsonObject { ["group"] = ocm.Group, ["version"] = ocm.Version, ["kind"] = ocm.Kind }),
        };
        if (provider.Json.At("status", "observedGeneration") is null)
        {
            status["observedGeneration"] = 0;
        }

        return new JsonObject { ["status"] = status };
    }

    [LoggerMessage(LogLevel.Information, "Registered {Kind} with ServiceProvider {Name}")]
    private partial void LogRegistered(ResourceKind kind, string name);
}
