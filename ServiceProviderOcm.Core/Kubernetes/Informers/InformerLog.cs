using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>The log lines of informers.</summary>
internal static partial class InformerLog
{
    [LoggerMessage(LogLevel.Debug, "Listed {Resource} on the {Cluster}: {Count}")]
    public static partial void Listed(this ILogger logger, string resource, string cluster, int count);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Key} on the {Cluster} cannot be read: {Message}. It is skipped until it changes")]
    public static partial void Unreadable(this ILogger logger, string kind, string key, string cluster, string message);

    [LoggerMessage(LogLevel.Debug, "Watch of {Resource} on the {Cluster} expired (410 Gone); relisting")]
    public static partial void Expired(this ILogger logger, string resource, string cluster);

    [LoggerMessage(LogLevel.Warning, "Watch of {Resource} on the {Cluster} failed: {Message}; retrying")]
    public static partial void Failing(this ILogger logger, string resource, string cluster, string message);

    [LoggerMessage(LogLevel.Error, "Unexpected error while watching {Resource} on the {Cluster}")]
    public static partial void Unexpected(this ILogger logger, string resource, string cluster, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Resource} is not served by the {Cluster}: its CustomResourceDefinition is not installed")]
    public static partial void NotServed(this ILogger logger, string resource, string cluster);
}
