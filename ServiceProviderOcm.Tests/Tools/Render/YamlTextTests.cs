using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Tests.Tools.Render;

public sealed class YamlTextTests
{
    // What YAML might take for something else, and what is hard to write.
    private static readonly string[] Tricky =
    [
        "", " ", "~", "null", "Null", "true", "True", "yes", "NO", "on", "y", "n", "1", "-1", "1.0", "1e3", ".5", ".inf", ".nan", "0x1F", "0o17", "0644",
        "1_000", "1:30", "2026-01-01", "12345678901234567890", "*", "&a", "!x", "<<", "=", "-", "- a", "---", "...", "a: b", "a:", "#x", "a #b", "{}", "[]",
        "'", "\"", "\\", "%", "@", "`", "|", ">", "?", ": ", " a", "a ", "\n", "a\n", "a\n\n", "a\nb", "\na\n", " a\nb\n", "a \nb\n", "a\r\nb\n", "\ta\n",
        "#a\n", "-----BEGIN X-----\nab=\n-----END X-----\n", "a\u0085b", "a\u2028b", "\uFEFF", "é", "😀", "\u0007", "oci://r.example.com:5000/a/b",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(Tricky),
        Gen.Elements(Tricky).Two().Select(pair => pair.Item1 + pair.Item2),
        Gen.Elements("ab 1:-#\n\t\"'{}[],&*!|>%@`\\.é".ToCharArray()).ArrayOf().Select(characters => new string(characters)));

    [TestCaseSource(nameof(Tricky))]
    public void Text_that_resembles_other_types_is_read_back_as_text(string text) => IsReadBack(new JsonObject { ["a"] = new JsonArray(text, new JsonObject { ["b"] = text }), [text] = "c" });

    [Test]
    public void Rendered_values_are_read_back_unchanged()
    {
        var objects = from keys in Texts.ArrayOf() from values in Texts.ArrayOf() select (keys, values);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(objects.ToArbitrary(), drawn =>
        {
            var json = new JsonObject();
            foreach (var (key, index) in drawn.keys.Distinct().Select((key, index) => (key, index)))
            {
                var value = index < drawn.values.Length ? drawn.values[index] : "";
                json[key] = (index % 3) switch
                {
                    0 => value,
                    1 => new JsonArray([.. drawn.values.Select(each => (JsonNode)each)]),
                    _ => new JsonObject { [value] = new JsonArray(), ["o"] = new JsonObject(), ["n"] = null, ["t"] = true, ["i"] = -7, ["f"] = 0.25 },
                };
            }

            IsReadBack(json);
        }));
    }

    [Test]
    public void Multiline_text_is_rendered_as_a_block()
    {
        var text = new StringWriter();
        YamlText.Write(text, KubeObject.From(new JsonObject { ["patch"] = "a: 1\nb:\n  c: 2\n" }).Json);

        Assert.That(text.ToString(), Is.EqualTo("patch: |\n  a: 1\n  b:\n    c: 2\n"));
    }

    private static void IsReadBack(JsonObject json)
    {
        var text = new StringWriter();
        YamlText.Write(text, KubeObject.From(json).Json);

        var read = YamlManifests.Read("text", text.ToString()).Select(source => source.Manifest.Json.GetRawText()).ToList();
        Assert.That(read, Has.Count.EqualTo(1), text.ToString());
        Assert.That(JsonElement.DeepEquals(JsonElement.Parse(read[0]), KubeObject.From(json).Json), Is.True, text.ToString());
    }

    [TestCase(1000, '\\')]
    [TestCase(600, '\u0001')]
    [TestCase(2000, 'a')]
    public void A_name_of_any_length_is_the_same_after_writing(int length, char character)
    {
        var json = JsonReading.Parse($$"""{ "a": { {{JsonSerializer.Serialize(new string(character, length))}}: 1 } }""");
        var output = new StringWriter();

        YamlText.Write(output, json);

        Assert.That(
            JsonElement.DeepEquals(YamlManifests.Read("output", output.ToString()).Single().Manifest.Json, json), Is.True, output.ToString());
    }
}
