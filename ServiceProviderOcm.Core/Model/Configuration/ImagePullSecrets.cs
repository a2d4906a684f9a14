using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// The Secrets that the toolkit's pods pull images with, as the chart's value <c>manager.imagePullSecrets</c> names them. What
/// is no list there is for Helm to reject.
/// </summary>
internal static class ImagePullSecrets
{
    private const string Path = "manager.imagePullSecrets";

    /// <summary>The names, each once, in the order of the list; entries without a usable name are left out.</summary>
    public static IEnumerable<string> Names(JsonElement? values) =>
        Entries(values).Where(HasName).Select(entry => entry.Text("name")!).Distinct(StringComparer.Ordinal);

    /// <summary>The paths of entries without a usable name.</summary>
    public static IEnumerable<string> Invalid(JsonElement? values) =>
        Entries(values).Select((entry, index) => HasName(entry) ? "" : $"{Path}[{index}]").Where(path => path.Length > 0);

    private static bool HasName(JsonElement entry) => entry.Text("name") is { } name && DnsNames.IsSubdomain(name);

    private static IEnumerable<JsonElement> Entries(JsonElement? values) =>
        values is { } present ? present.Items("manager", "imagePullSecrets") : [];
}
