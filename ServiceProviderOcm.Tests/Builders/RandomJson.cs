using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Random JSON that API servers return as it is, with names that often meet.</summary>
internal sealed class RandomJson(Random random)
{
    private static readonly string[] Names = ["a", "b", "c", "finalizers", "metadata", "x.y", "z/\"~1"];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "-7", "2.5", "1.0", "9223372036854775807", "12345678901234567000", "0.1", "1e-7", "\"\"", "\"x\"", "\"\\u00e9\"",
    ];

    public JsonObject Object(int depth = 4)
    {
        var json = new JsonObject();
        for (var count = random.Next(5); count > 0; count--)
        {
            json[Names[random.Next(Names.Length)]] = Value(depth - 1);
        }

        return json;
    }

    /// <summary>The same with some fields added, changed or removed, at any depth.</summary>
    public JsonObject Edited(JsonObject json)
    {
        var edited = (JsonObject)json.DeepClone();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = edited;
            while (at.Select(field => field.Value).OfType<JsonObject>().ToList() is { Count: > 0 } inner && random.Next(3) > 0)
            {
                at = inner[random.Next(inner.Count)];
            }

            if (at.Count > 0 && random.Next(3) == 0)
            {
                at.Remove(at.ElementAt(random.Next(at.Count)).Key);
            }
            else
            {
                at[Names[random.Next(Names.Length)]] = Value(2);
            }
        }

        return edited;
    }

    private JsonNode? Value(int depth) => (depth <= 0 ? 0 : random.Next(4)) switch
    {
        1 => Object(depth),
        2 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1))]),
        _ => JsonNode.Parse(Scalars[random.Next(Scalars.Length)]),
    };
}
