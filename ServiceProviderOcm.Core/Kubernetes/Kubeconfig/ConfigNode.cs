using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A value in a kubeconfig with its path, for errors. Absent, null and empty values are the same.</summary>
internal sealed class ConfigNode(ConfigOrigin origin, string path, JsonNode? value)
{
    private const int MaxNameInPath = 128;

    public ConfigOrigin Origin => origin;

    /// <summary>Such as <c>users[admin].user.exec</c>.</summary>
    public string Path => path;

    public bool IsEmpty => value switch
    {
        null => true,
        JsonArray items => items.Count == 0,
        JsonObject fields => fields.Count == 0,
        _ => value.ToString().Length == 0,
    };

    /// <summary>The fields that are not empty.</summary>
    public IEnumerable<(string Name, ConfigNode Node)> Fields =>
        Mapping.Select(entry => (Name: entry.Key, Node: Field(entry.Key))).Where(child => !child.Node.IsEmpty);

    private JsonObject Mapping => value switch
    {
        null => [],
        JsonObject fields => fields,
        _ => throw Error("must be a mapping"),
    };

    public ConfigNode Field(string name)
    {
        var shown = Showable(name) ? name : "?";
        return new ConfigNode(origin, path.Length == 0 ? shown : $"{path}.{shown}", Mapping[name]);
    }

    public string? Text(string name)
    {
        var field = Field(name);
        return field.IsEmpty ? null : field.AsText();
    }

    public string RequiredText(string name) => Text(name) ?? throw Field(name).Error("is missing");

    public bool Flag(string name)
    {
        var field = Field(name);
        return !field.IsEmpty && field.AsFlag();
    }

    public string AsText() => value is JsonValue scalar ? scalar.ToString() : throw Error("must be a string");

    // YAML also has capitalized booleans; they are read as strings, because a credential may be one of these words.
    public bool AsFlag() =>
        value is JsonValue scalar && scalar.TryGetValue<bool>(out var flag) ? flag
        : value is JsonValue text && text.ToString() is "True" or "TRUE" or "False" or "FALSE" ? value.ToString() is "True" or "TRUE"
        : throw Error("must be true or false");

    /// <summary>The items of a list; their paths have their <c>name</c> if they have one.</summary>
    public IEnumerable<ConfigNode> Items(string name)
    {
        var field = Field(name);
        return field.Json switch
        {
            null => [],
            JsonArray items => items.Select((item, index) => new ConfigNode(origin, $"{field.Path}[{Label(item, index)}]", item)),
            _ => throw field.Error("must be a list"),
        };
    }

    /// <summary>The value; it belongs to the kubeconfig.</summary>
    public JsonNode? Json => value;

    public KubeconfigException Error(string error) => new($"{origin.Name}: {(path.Length == 0 ? "it" : path)} {error}");

    private static string Label(JsonNode? item, int index) =>
        item is JsonObject fields && fields["name"] is JsonValue name && Showable(name.ToString())
            ? name.ToString()
            : index.ToString(CultureInfo.InvariantCulture);

    private static bool Showable(string name) => name.Length is > 0 and <= MaxNameInPath && name.All(c => c is > ' ' and <= '~');
}
