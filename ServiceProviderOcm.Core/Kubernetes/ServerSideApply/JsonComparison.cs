using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// Compares JSON by value: numbers by what they stand for (<c>1</c> and <c>1.0</c>, without rounding), objects regardless of the order of
/// their fields. Iterates, so that the depth of the JSON is not limited by the stack.
/// </summary>
internal static class JsonComparison
{
    private const int SmallObject = 8;

    /// <summary>Whether both have the same value.</summary>
    public static bool AreEqual(JsonElement one, JsonElement other) => Compare(one, other, allowsMoreFields: false);

    /// <summary>Whether a value becomes the other one when fields are added to its objects, at any depth.</summary>
    public static bool IsExtended(JsonElement value, JsonElement extended) => Compare(value, extended, allowsMoreFields: true);

    /// <summary>Looks up the fields of an object, in constant time if it has many.</summary>
    public static Func<string, JsonElement?> FieldsOf(JsonElement json)
    {
        if (json.GetPropertyCount() <= SmallObject)
        {
            return name => json.TryGetProperty(name, out var value) ? value : null;
        }

        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            fields[field.Name] = field.Value;
        }

        return name => fields.TryGetValue(name, out var value) ? value : null;
    }

    private static bool Compare(JsonElement left, JsonElement right, bool allowsMoreFields)
    {
        var pairs = new Stack<(JsonElement Left, JsonElement Right)>();
        if (!MayBeEqual(pairs, left, right))
        {
            return false;
        }

        while (pairs.TryPop(out var pair))
        {
            if (!AreContentsEqual(pairs, pair.Left, pair.Right, allowsMoreFields))
            {
                return false;
            }
        }

        return true;
    }

    // What is in objects and lists is left to compare.
    private static bool MayBeEqual(Stack<(JsonElement Left, JsonElement Right)> pairs, JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        if (left.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return AreScalarsEqual(left, right);
        }

        pairs.Push((left, right));
        return true;
    }

    private static bool AreContentsEqual(
        Stack<(JsonElement Left, JsonElement Right)> pairs, JsonElement left, JsonElement right, bool allowsMoreFields)
    {
        if (left.ValueKind == JsonValueKind.Array)
        {
            return left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray()).All(both => MayBeEqual(pairs, both.First, both.Second));
        }

        if (!allowsMoreFields && left.GetPropertyCount() != right.GetPropertyCount())
        {
            return false;
        }

        var fields = FieldsOf(right);
        return left.EnumerateObject().All(field => fields(field.Name) is { } other && MayBeEqual(pairs, field.Value, other));
    }

    // The number of digits of an exponent that can be compared is limited; no API server stores such numbers.
    private static bool AreScalarsEqual(JsonElement left, JsonElement right)
    {
        try
        {
            return JsonElement.DeepEquals(left, right);
        }
        catch (ArgumentOutOfRangeException) when (left.ValueKind == JsonValueKind.Number)
        {
            return left.GetRawText() == right.GetRawText();
        }
    }
}
