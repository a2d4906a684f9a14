using System.Runtime.InteropServices;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Compares the fields that are kept of an object with those that <see cref="JsonElement"/> finds in its text.</summary>
internal static class KeptFields
{
    private const string Ellipsis = "…";
    private const int BeginningBytes = 4 << 10;

    // Deeper than what is kept: the rest may be nested to any depth.
    private const int MaxDepth = 250_000;

    private static readonly string[] OfRequest = ["apiVersion", "kind"];

    /// <summary>Asserts that what was read is part of the text, complete where it must be, and within the limits.</summary>
    public static void Verify(ProductionClient client, KubeObject read, ReadOnlySpan<byte> json)
    {
        var original = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        VerifyLimits(client, read.OwnJson);

        // Of several properties of a name, each reader has the last one of those that it keeps.
        if (!HasUniqueNames(json))
        {
            return;
        }

        foreach (var field in read.OwnJson.EnumerateObject().Where(field => !OfRequest.Contains(field.Name)))
        {
            Compare(field.Name, field.Value, original.GetProperty(field.Name));
        }

        foreach (var path in client.Whole)
        {
            if (At(original, path) is { ValueKind: not JsonValueKind.Null } expected)
            {
                Assert.That(read.At(path.Split('.')) is { } actual && AreEqual(actual, expected), Is.True, $"{path} is kept");
            }
        }
    }

    private static void VerifyLimits(ProductionClient client, JsonElement own)
    {
        var (values, depth) = Measure(own);
        Assert.That(values, Is.LessThanOrEqualTo(client.Options.Limits.ObjectFields ?? int.MaxValue), "number of fields");
        foreach (var (path, bytes) in client.Limits)
        {
            Assert.That(At(own, path) is { } field ? JsonMarshal.GetRawUtf8Value(field).Length : 0, Is.LessThanOrEqualTo(bytes), path);
        }

        // Below the object itself, and the names of its fields.
        Assert.That(depth, Is.LessThanOrEqualTo(client.MaxDepth + 4), "depth");
    }

    private static bool HasUniqueNames(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The recursion is only as deep as projections are.
    private static void Compare(string path, JsonElement kept, JsonElement original)
    {
        if (AreEqual(kept, original))
        {
            return;
        }

        switch (kept.ValueKind, original.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var field in kept.EnumerateObject())
                {
                    Compare($"{path}.{field.Name}", field.Value, original.GetProperty(field.Name));
                }

                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                var elements = original.EnumerateArray().Where(element => element.ValueKind != JsonValueKind.Array).ToList();
                Assert.That(kept.GetArrayLength(), Is.EqualTo(elements.Count), path);
                foreach (var (one, other) in kept.EnumerateArray().Zip(elements))
                {
                    Compare($"{path}[]", one, other);
                }

                break;
            default:
                Assert.That(IsBeginning(path, kept, original), Is.True, $"{path} is another value");
                break;
        }
    }

    private static bool IsBeginning(string path, JsonElement kept, JsonElement original) =>
        path == "status.conditions[].message"
        && (kept.ValueKind, original.ValueKind) == (JsonValueKind.String, JsonValueKind.String)
        && kept.GetString() is var beginning
        && beginning!.EndsWith(Ellipsis, StringComparison.Ordinal)
        && JsonMarshal.GetRawUtf8Value(original).Length > BeginningBytes
        && original.GetString()!.StartsWith(beginning[..^1], StringComparison.Ordinal);

    private static JsonElement? At(JsonElement root, string path)
    {
        var element = root;
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    // The same tokens, each in the same form: without recursion, unlike JsonElement.DeepEquals.
    private static bool AreEqual(JsonElement one, JsonElement other)
    {
        var left = Reader(one);
        var right = Reader(other);
        bool isMore;
        do
        {
            isMore = left.Read();
            if (isMore != right.Read() || left.TokenType != right.TokenType || !left.ValueSpan.SequenceEqual(right.ValueSpan))
            {
                return false;
            }
        }
        while (isMore);
        return true;
    }

    private static (int Values, int Depth) Measure(JsonElement json)
    {
        var (values, depth) = (-1, 0);
        var reader = Reader(json);
        while (reader.Read())
        {
            depth = Math.Max(depth, reader.CurrentDepth);
            values += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray ? 0 : 1;
        }

        return (values, depth);
    }

    private static Utf8JsonReader Reader(JsonElement json) =>
        new(JsonMarshal.GetRawUtf8Value(json), new JsonReaderOptions { MaxDepth = MaxDepth });
}
