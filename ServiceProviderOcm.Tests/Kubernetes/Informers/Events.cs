using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>Objects, events and errors of API servers.</summary>
public static class Events
{
    public static readonly KubernetesApiException Gone = new(410, "Expired", "too old");
    public static readonly KubernetesApiException Unavailable = new(503, "ServiceUnavailable", "down");
    public static readonly KubernetesApiException Forbidden = new(403, "Forbidden", "you may not");
    public static readonly KubernetesApiException NotFound = new(404, "NotFound", "unknown");

    public static KubeObject Item(string name, int version) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "n",
            ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
        },
    });

    public static WatchEvent Added(string name, int version) => new(WatchEventType.Added, Item(name, version));

    public static WatchEvent Modified(string name, int version) => new(WatchEventType.Modified, Item(name, version));

    public static WatchEvent Deleted(string name, int version) => new(WatchEventType.Deleted, Item(name, version));

    public static WatchEvent Bookmark(int version) => new(WatchEventType.Bookmark, KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
    }));

    public static ListPage Page(int version, params IEnumerable<KubeObject> items) =>
        new([.. items], version.ToString(CultureInfo.InvariantCulture));
}
