using System.Globalization;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Request paths as the API server lays them out.</summary>
internal static class ApiPath
{
    public static string Of(ResourceKind kind, ObjectKey key, string? subresource = null)
    {
        var path = $"{Of(kind, key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    public static string Of(ResourceKind kind, string? ns)
    {
        var root = kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
        return string.IsNullOrEmpty(ns) ? $"{root}/{kind.Plural}" : $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{kind.Plural}";
    }

    public static string Of(ResourceKind kind, ListRequest request) =>
        Of(kind, request.Namespace) + Query(
            ("labelSelector", request.LabelSelector),
            ("fieldSelector", request.FieldSelector),
            ("limit", request.Limit.ToString(CultureInfo.InvariantCulture)),
            ("continue", request.Continue));

    public static string Of(ResourceKind kind, WatchRequest request) =>
        Of(kind, request.Namespace) + Query(
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("sendInitialEvents", request.SendsInitialEvents ? "true" : null),
            ("resourceVersionMatch", request.SendsInitialEvents ? "NotOlderThan" : null),
            ("resourceVersion", request.SendsInitialEvents ? null : request.ResourceVersion),
            ("labelSelector", request.LabelSelector),
            ("fieldSelector", request.FieldSelector),
            ("timeoutSeconds", ((int)request.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)));

    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
