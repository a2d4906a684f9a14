using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>The files in <c>deploy/</c>, as JSON.</summary>
internal static class DeployedYaml
{
    /// <summary>The documents of one file.</summary>
    /// <param name="file">Relative to <c>deploy/</c>, or a full path.</param>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var parser = new Parser(new StringReader(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", file))));
        var documents = new List<JsonElement>();
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            documents.Add(JsonSerializer.SerializeToElement(Plain(deserializer.Deserialize(parser))));
        }

        return documents;
    }

    private static object? Plain(object? node) => node switch
    {
        IDictionary<object, object?> map => map.ToDictionary(entry => entry.Key.ToString()!, entry => Plain(entry.Value)),
        IList<object?> list => list.Select(Plain).ToList(),
        _ => node,
    };
}
