using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Tests.Kubernetes.Yaml;

/// <summary>Values and names of fields are what kubectl reads; <c>kubectl.json</c> was made with it. <c>here</c>: the difference is harmless.</summary>
public sealed class KubectlTests
{
    private static readonly JsonElement Table = JsonReading.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kubernetes", "Yaml", "kubectl.json")));

    private static IEnumerable<TestCaseData> Values =>
        Table.Items("values").Select(entry => new TestCaseData(entry.Text("yaml"), entry.Text("here") ?? entry.Text("json")));

    private static IEnumerable<TestCaseData> Keys =>
        Table.Items("keys").Select(entry => new TestCaseData(entry.Text("yaml"), entry.Text("name")));

    [TestCaseSource(nameof(Values))]
    public void Values_are_read_as_kubectl_reads_them(string yaml, string? json)
    {
        if (json is null)
        {
            Assert.That(() => YamlManifests.Parse($"v: {yaml}\n"), Throws.InstanceOf<YamlException>());
            return;
        }

        var value = YamlManifests.Parse($"v: {yaml}\n").Single()["v"];
        var read = JsonReading.Parse(value?.ToJsonString() ?? "null");
        var expected = JsonReading.Parse(json);
        Assert.That(
            expected.ValueKind == JsonValueKind.Number && read.ValueKind == JsonValueKind.Number
                ? read.GetDouble().Equals(expected.GetDouble()) && read.TryGetInt64(out var whole) == expected.TryGetInt64(out var other) && whole == other
                : JsonElement.DeepEquals(read, expected),
            Is.True,
            string.Create(CultureInfo.InvariantCulture, $"{yaml} is read as {read}, not as {expected}"));
    }

    [TestCaseSource(nameof(Keys))]
    public void Names_of_fields_are_read_as_kubectl_reads_them(string yaml, string? name)
    {
        var text = $"{{ {yaml} : 1}}\n";
        if (name is null)
        {
            Assert.That(() => YamlManifests.Parse("v: " + text), Throws.InstanceOf<YamlException>());
            return;
        }

        Assert.That(YamlManifests.Parse("v: " + text).Single()["v"]!.AsObject().Single().Key, Is.EqualTo(name));
    }

    [TestCase("""{"a":["\ud83d\ude00","\ud83d","\\ud83d","\udc00\ud83d"]}""", "😀 \ufffd \\ud83d \ufffd\ufffd")]
    [TestCase("""{"a":["\ud83d\ud83d\ude00","\uD83DA"]}""", "\ufffd😀 \ufffdA")]
    public void Lone_surrogates_in_JSON_become_replacement_characters(string json, string expected) => Assert.That(
        string.Join(' ', YamlManifests.Parse(json).Single()["a"]!.AsArray().Select(item => (string)item!)), Is.EqualTo(expected));

    [TestCase("\ufeffa: 1")]
    [TestCase("\ufeff{\"a\": 1}")]
    [TestCase("---\n\ufeffa: 1")]
    [TestCase("{\n\t\"a\":\t1\n}")]
    [TestCase("{a: 1}")]
    public void A_byte_order_mark_and_tabs_are_no_part_of_the_content(string text) =>
        Assert.That(YamlManifests.Parse(text).Single().ToJsonString(), Is.EqualTo("""{"a":1}"""));

    [TestCase("a: \"\\ud83d\"")]
    [TestCase("a: \u0001")]
    [TestCase("a: \u007f")]
    public void Characters_that_YAML_does_not_have_are_rejected(string yaml) =>
        Assert.That(() => YamlManifests.Parse(yaml), Throws.InstanceOf<YamlException>());

    [Test]
    public void Half_of_a_surrogate_pair_is_rejected_in_YAML() =>
        Assert.That(() => YamlManifests.Parse("a: " + (char)0xd800), Throws.InstanceOf<YamlException>());

    [Test]
    public void Items_of_lists_are_read_one_by_one()
    {
        var read = YamlManifests.Read("x.json", """
            {"apiVersion":"a/v1","kind":"FooList","items":[
              {"metadata":{"name":"a"}},
              {"apiVersion":"v1","kind":"List","items":[{"kind":"B"}]}]}
            {"kind":"C"}
            ---
            {"kind":"D"}
            """);

        Assert.That(read.Select(source => $"{source.At} {source.Manifest.Json}"), Is.EqualTo(
        [
            """x.json:2 {"metadata":{"name":"a"},"apiVersion":"a/v1","kind":"Foo"}""",
            """x.json:3 {"kind":"B"}""",
            """x.json:4 {"kind":"C"}""",
            """x.json:6 {"kind":"D"}""",
        ]));
    }
}
