using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>Tells openmcp-operator which kinds this provider serves, in the status of its ServiceProvider.</summary>
public sealed partial class ServiceProviderStatus(IKubernetesApi platform, Identity identity, ILogger<ServiceProviderStatus> logger)
{
    /// <summary>Writes <c>status.resources</c>, unless it says so already.</summary>
    /// <exception cref="SetupException">There is no such ServiceProvider, or the server refuses.</exception>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        var key = ObjectKey.ClusterScoped(identity.ProviderName);
        try
        {
            var provider = await platform.GetAsync(Kinds.ServiceProvider, key, cancellationToken);
            var patch = Status(provider).ToElement();
            if (provider.Json.At("status", "resources") is { } told && JsonElement.DeepEquals(told, patch.At("status", "resources")!.Value))
            {
                return;
            }

            await platform.MergePatchAsync(Kinds.ServiceProvider, key, patch, "status", cancellationToken);
            LogReported(key.Name, identity.Api.Ocm);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            throw new SetupException(
                $"There is no ServiceProvider \"{key.Name}\" ({Kinds.ServiceProvider.ApiVersion}) on the {platform.ClusterName}: give "
                    + "its name as --provider-name, or --standalone where openmcp-operator does not run this provider.",
                exception);
        }
        catch (KubernetesApiException exception)
        {
            throw new SetupException(
                $"Cannot tell ServiceProvider \"{key.Name}\" on the {platform.ClusterName} what is served: "
                    + $"{exception.Message.TrimEnd('.')}. {SetupAdvice.For(exception)}",
                exception);
        }
    }

    // The operator's schema requires observedGeneration, which is the operator's to set.
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

    [LoggerMessage(LogLevel.Information, "ServiceProvider {Name} knows by now that {Kind} is served")]
    private partial void LogReported(string name, ResourceKind kind);
}
