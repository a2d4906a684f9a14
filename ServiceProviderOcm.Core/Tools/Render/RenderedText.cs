using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>Writes down what has been rendered, the same text for the same steps.</summary>
public static class RenderedText
{
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>YAML documents, each below a comment that says what happens to it where.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="showSecrets">Whether to show what Secrets hold.</param>
    public static string Yaml(IEnumerable<RenderedStep> steps, bool showSecrets)
    {
        var text = new StringWriter { NewLine = "\n" };
        foreach (var step in steps)
        {
            text.WriteLine("---");
            text.WriteLine($"# {step.Cluster}, {step.Action}; for OCM {step.Ocm}");
            if (step.Note is { Length: > 0 } note)
            {
                text.WriteLine($"# {note}");
            }

            YamlText.Write(text, Shown(step, showSecrets));
        }

        return PrintableText.Yaml(text.ToString());
    }

    /// <summary>A JSON array with an object for each step.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="showSecrets">Whether to show what Secrets hold.</param>
    public static string Json(IEnumerable<RenderedStep> steps, bool showSecrets)
    {
        var json = JsonWriting.Write(
            writer =>
            {
                writer.WriteStartArray();
                foreach (var step in steps)
                {
                    writer.WriteStartObject();
                    writer.WriteString("ocm", step.Ocm.ToString());
                    writer.WriteString("cluster", step.Cluster);
                    writer.WriteString("action", step.Action);
                    if (step.Note is { Length: > 0 } note)
                    {
                        writer.WriteString("note", note);
                    }

                    writer.WritePropertyName("content");
                    Shown(step, showSecrets).WriteTo(writer);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            },
            Readable);
        return PrintableText.Json(Encoding.UTF8.GetString(json)) + "\n";
    }

    private static JsonElement Shown(RenderedStep step, bool showSecrets) => showSecrets ? step.Content : SecretMask.Of(step.Content);
}
