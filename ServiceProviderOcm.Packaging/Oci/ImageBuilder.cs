using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Packaging.Oci;

/// <summary>Adds the images of single architectures to a layout.</summary>
/// <param name="layout">Where they are added.</param>
/// <param name="created">The time of everything in them.</param>
/// <param name="annotations">Annotations of the images, which are the labels as well.</param>
public sealed class ImageBuilder(LayoutWriter layout, DateTimeOffset created, IReadOnlyDictionary<string, string> annotations)
{
    private string Created => created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>An image of one layer, without a program.</summary>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="root">The folder with its files.</param>
    /// <param name="settings">The settings of its containers, such as <c>Env</c>.</param>
    public Descriptor Base(string architecture, string root, JsonObject settings) =>
        Image(architecture, [], [], [], Archive.OfFolder(root, "", created), settings);

    /// <summary>An image that has a base image's layers and one with a program.</summary>
    /// <param name="baseImage">The layout of the base image.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="program">The folder with the program's files.</param>
    /// <param name="path">The folder in the image, such as <c>app/</c>.</param>
    /// <param name="settings">The settings of its containers: they replace those of the base image, and variables are added.</param>
    public Descriptor Program(LayoutReader baseImage, string architecture, string program, string path, JsonObject settings)
    {
        var manifest = baseImage.Manifest(architecture);
        var config = JsonReading.Parse(baseImage.Read(Descriptor.From(manifest.At("config")!.Value)));
        var layers = manifest.Items("layers").Select(Descriptor.From).ToList();
        foreach (var layer in layers)
        {
            layout.Add(layer.MediaType, baseImage.Read(layer));
        }

        return Image(
            architecture, layers, config.Items("rootfs", "diff_ids"), config.Items("history"), Archive.OfFolder(program, path, created),
            Merged(config.At("config"), settings));
    }

    private Descriptor Image(
        string architecture, IEnumerable<Descriptor> layers, IEnumerable<JsonElement> diffIds, IEnumerable<JsonElement> history, byte[] added,
        JsonObject settings)
    {
        settings["Labels"] = JsonText.Map(annotations);
        var config = layout.Add(MediaTypes.Config, JsonText.Bytes(new JsonObject
        {
            ["created"] = Created,
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = settings,
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = JsonText.List([.. diffIds.Select(id => JsonValue.Create(id.GetString()!)), JsonValue.Create(Digests.Of(added))]),
            },
            ["history"] = JsonText.List(
                [.. history.Select(JsonText.Node), new JsonObject { ["created"] = Created, ["created_by"] = "scripts/release" }]),
        }));
        var layer = layout.Add(MediaTypes.CompressedLayer, Archive.Compress(added));
        return layout.Add(MediaTypes.Manifest, JsonText.Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = config.ToJson(),
            ["layers"] = JsonText.List([.. layers.Select(of => of.ToJson()), layer.ToJson()]),
            ["annotations"] = JsonText.Map(annotations),
        })) with { Architecture = architecture };
    }

    private static JsonObject Merged(JsonElement? inherited, JsonObject settings)
    {
        var merged = new JsonObject();
        foreach (var name in (string[])["Env", "User", "WorkingDir"])
        {
            if (inherited?.At(name) is { } value)
            {
                merged[name] = JsonText.Node(value);
            }
        }

        var variables = (merged["Env"] as JsonArray ?? []).Concat(settings["Env"] as JsonArray ?? []).Select(item => item!.GetValue<string>()).ToList();
        foreach (var (name, value) in settings)
        {
            merged[name] = value?.DeepClone();
        }

        merged["Env"] = JsonText.List(variables.Select(item => JsonValue.Create(item)));
        return merged;
    }
}
