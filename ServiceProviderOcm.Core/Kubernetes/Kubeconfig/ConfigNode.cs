using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A place in a kubeconfig that knows its way there, so that errors can name it. Absent, null and empty are one.</summary>
internal sealed class ConfigNode(ConfigOrigin origin, string path, object? value)
{
    private const int MaxNameInPath = 128;

    public ConfigOrigin Origin => origin;

    /// <summary>Such as <c>users[admin].user.exec</c>.</summary>
    public string Path => path;

    public bool IsEmpty => value switch
    {
        null => true,
        ConfigScalar scalar => scalar.Text.Length == 0,
        List<object?> items => items.Count == 0,
        Dictionary<string, object?> fields => fields.Count == 0,
        _ => false,
    };

    /// <summary>The fields that hold anything.</summary>
    public IEnumerable<(string Name, ConfigNode Node)> Fields =>
        Mapping.Keys.Select(name => (Name: name, Node: Field(name))).Where(child => !child.Node.IsEmpty);

    private Dictionary<string, object?> Mapping => value switch
    {
        null => [],
        Dictionary<string, object?> fields => fields,
        _ => throw Fault("must be a mapping"),
    };

    public ConfigNode Field(string name)
    {
        var shown = Showable(name) ? name : "?";
        return new ConfigNode(origin, path.Length == 0 ? shown : $"{path}.{shown}", Mapping.GetValueOrDefault(name));
    }

    public string? Text(string name)
    {
        var field = Field(name);
        return field.IsEmpty ? null : field.AsText();
    }

    public string RequiredText(string name) => Text(name) ?? throw Field(name).Fault("is missing");

    public bool Flag(string name)
    {
        var field = Field(name);
        return !field.IsEmpty && field.AsFlag();
    }

    public string AsText() => value is ConfigScalar scalar ? scalar.Text : throw Fault("must be a string");

    public bool AsFlag() => (value as ConfigScalar)?.Flag ?? throw Fault("must be true or false");

    /// <summary>The items of a list, called by their <c>name</c> where they have one.</summary>
    public IEnumerable<ConfigNode> Items(string name)
    {
        var field = Field(name);
        return field.Value switch
        {
            null => [],
            List<object?> items => items.Select((item, index) => new ConfigNode(origin, $"{field.Path}[{Label(item, index)}]", item)),
            _ => throw field.Fault("must be a list"),
        };
    }

    public JsonNode? ToJson() => ToJson(value);

    public KubeconfigException Fault(string problem) => new($"{origin.Name}: {(path.Length == 0 ? "it" : path)} {problem}");

    private object? Value => value;

    private static JsonNode? ToJson(object? value) => value switch
    {
        ConfigScalar { Flag: { } flag } => JsonValue.Create(flag),
        ConfigScalar { IsPlain: true } scalar when long.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        ConfigScalar scalar => JsonValue.Create(scalar.Text),
        List<object?> items => new JsonArray([.. items.Select(ToJson)]),
        Dictionary<string, object?> fields =>
            new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, ToJson(field.Value)))),
        _ => null,
    };

    private static string Label(object? item, int index) =>
        item is Dictionary<string, object?> fields && fields.GetValueOrDefault("name") is ConfigScalar { Text: var name } && Showable(name)
            ? name
            : index.ToString(CultureInfo.InvariantCulture);

    private static bool Showable(string name) => name.Length is > 0 and <= MaxNameInPath && name.All(c => c is > ' ' and <= '~');
}
