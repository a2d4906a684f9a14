using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>Writes Events. One that cannot be written is only logged.</summary>
internal static partial class EventWriting
{
    /// <summary>Writes an Event. One of the same name has been written before, such as before a restart.</summary>
    public static async Task CreateEventOnceAsync(
        this IKubernetesApi api, KubeObject @event, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await api.CreateAsync(Kinds.Event, @event, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            if (!exception.IsConflict)
            {
                logger.NoEvent(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Cannot write an Event: {Message}")]
    public static partial void NoEvent(this ILogger logger, string message);
}
