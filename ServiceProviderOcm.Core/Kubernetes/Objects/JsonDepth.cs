using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Measures how deep values are nested, without recursion.</summary>
internal static class JsonDepth
{
    /// <summary>Whether a value is nested deeper than a number of levels; an object of texts has one level.</summary>
    public static bool Exceeds(this JsonElement value, int levels)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value), JsonReading.Options);
        while (reader.Read())
        {
            if (reader.CurrentDepth >= levels && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return true;
            }
        }

        return false;
    }
}
