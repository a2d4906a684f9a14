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

    public bool IsNull => value is null;

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

    public string AsText() => value is JsonValue scalar && scalar.TryGetValue<string>(out var text)
        ? text
        : throw Error(value is JsonValue ? "must be a string; quote the value" : "must be a string");

    public bool AsFlag() =>
        value is JsonValue scalar && scalar.TryGetValue<bool>(out var flag) ? flag : throw Error("must be true or false");

    /// <summary>What the text encodes in Base64.</summary>
    public byte[] AsBytes()
    {
        // Go ignores line ends, but no other white space.
        var text = AsText();
        var bytes = new byte[text.Length];
        return !text.AsSpan().ContainsAny(' ', '\t') && Convert.TryFromBase64String(text, bytes, out var count)
            ? bytes[..count]
            : throw Error("is not valid Base64");
    }

    /// <summary>The items of a list; their paths have their <c>name</c> if they have one.</summary>
    public IEnumerable<ConfigNode> AsItems() => value switch
    {
        null => [],
        JsonArray items => items.Select((item, index) => new ConfigNode(origin, $"{path}[{Label(item, index)}]", item)),
        _ => throw Error("must be a list"),
    };

    /// <inheritdoc cref="AsItems"/>
    public IEnumerable<ConfigNode> Items(string name) => Field(name).AsItems();

    /// <summary>The value; it belongs to the kubeconfig.</summary>
    public JsonNode? Json => value;

    public KubeconfigException Error(string error) => new($"{origin.Name}: {(path.Length == 0 ? "it" : path)} {error}");

    private static string Label(JsonNode? item, int index) =>
        item is JsonObject fields && fields["name"] is JsonValue name && Showable(name.ToString())
            ? name.ToString()
            : index.ToString(CultureInfo.InvariantCulture);

    private static bool Showable(string name) => name.Length is > 0 and <= MaxNameInPath && name.All(c => c is > ' ' and <= '~');
}
