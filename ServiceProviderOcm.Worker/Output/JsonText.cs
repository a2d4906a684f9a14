using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>JSON output, indented or in one line.</summary>
internal static class JsonText
{
    /// <summary>Writes a value, over several lines or in one.</summary>
    public static string Of(Action<Utf8JsonWriter> write, bool isIndented)
    {
        // The output is no part of a web page.
        var options = new JsonWriterOptions { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return PrintableText.Json(Encoding.UTF8.GetString(JsonWriting.Write(write, options)));
    }

    /// <summary>Writes a value as a YAML document, with the end of its last line.</summary>
    public static string Yaml(Action<Utf8JsonWriter> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        YamlText.Write(text, JsonReading.Parse(JsonWriting.Write(write)));
        return PrintableText.Yaml(text.ToString());
    }

    /// <summary>Writes an array of items.</summary>
    public static string OfArray<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) =>
        Of(json => json.WriteArray(items, write), isIndented: true);
}
