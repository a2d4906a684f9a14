using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>
/// The Secrets that the toolkit's pods pull images with, as the chart's value <c>manager.imagePullSecrets</c> names them. What
/// is no list there is for Helm to refuse.
/// </summary>
internal static class ImagePullSecrets
{
    private const string Path = "manager.imagePullSecrets";

    /// <summary>The names, each once, in the order of the list; entries without a usable name are left out.</summary>
    public static IReadOnlyList<string> Names(JsonElement? values) =>
        [.. Entries(values).Select(entry => entry.Text("name")).OfType<string>().Where(ObjectName.IsValid).Distinct(StringComparer.Ordinal)];

    /// <summary>What is wrong with an entry, or null.</summary>
    public static string? Problem(JsonElement? values)
    {
        var index = Entries(values).ToList().FindIndex(entry => entry.Text("name") is not { } name || !ObjectName.IsValid(name));
        return index < 0 ? null : $"{Path}[{index}] has to be an object whose name is that of a Secret";
    }

    private static IEnumerable<JsonElement> Entries(JsonElement? values) =>
        values is { } present ? present.Items("manager", "imagePullSecrets") : [];
}
