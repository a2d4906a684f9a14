using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

public sealed class StructuralSchemaTests
{
    [TestCase("""{"a":1,"b":2}""", """{"a":1}""", "b")]
    [TestCase("""{"list":[{"a":1,"b":2}]}""", """{"list":[{"a":1}]}""", "list[0].b")]
    [TestCase("""{"map":{"x":{"a":1,"b":2}}}""", """{"map":{"x":{"a":1}}}""", "map.x.b")]
    [TestCase("""{"free":{"any":{"thing":1}}}""", """{"free":{"any":{"thing":1}}}""", "")]
    public void Fields_that_are_not_in_the_schema_are_pruned(string value, string expected, string removed)
    {
        const string Thing = """{"type":"object","properties":{"a":{"type":"integer"}}}""";
        var schema = Schema($$"""
            {
              "type": "object",
              "properties": {
                "a": { "type": "integer" },
                "list": { "type": "array", "items": {{Thing}} },
                "map": { "type": "object", "additionalProperties": {{Thing}} },
                "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true }
              }
            }
            """);
        var node = JsonNode.Parse(value);

        var paths = Pruning.Prune(node, schema);

        Assert.That((node!.ToJsonString(), string.Join(' ', paths)), Is.EqualTo((expected, removed)));
    }

    [TestCase("{}", """{"a":"x"}""")]
    [TestCase("""{"a":"y"}""", """{"a":"y"}""")]
    [TestCase("""{"a":null}""", """{"a":"x"}""")]
    [TestCase("""{"a":"x","n":null}""", """{"a":"x","n":null}""")]
    [TestCase("""{"a":"x","o":{}}""", """{"a":"x","o":{"b":1}}""")]
    [TestCase("""{"a":"x","l":[{}]}""", """{"a":"x","l":[{"b":1}]}""")]
    public void Defaults_are_set(string value, string expected)
    {
        const string Thing = """{"type":"object","properties":{"b":{"type":"integer","default":1}}}""";
        var schema = Schema($$"""
            {
              "type": "object",
              "properties": {
                "a": { "type": "string", "default": "x" },
                "n": { "type": "string", "nullable": true, "default": "x" },
                "o": {{Thing}},
                "l": { "type": "array", "items": {{Thing}} }
              }
            }
            """);
        var node = JsonNode.Parse(value)!.AsObject();
        node["n"] = null;

        Defaulting.SetDefaults(node, schema);

        var wanted = JsonNode.Parse(expected)!.AsObject();
        wanted["n"] = null;
        Assert.That(JsonNode.DeepEquals(node, wanted), Is.True, node.ToJsonString());
    }

    [TestCase("""{"type":"string"}""", "1", "x: Invalid value: \"integer\": x in body must be of type string: \"integer\"")]
    [TestCase("""{"type":"object"}""", "null", "x: Invalid value: \"null\": x in body must be of type object: \"null\"")]
    [TestCase("""{"type":"string","nullable":true}""", "null", "")]
    [TestCase("""{"type":"integer"}""", "1.0", "")]
    [TestCase("""{"type":"number"}""", "1", "")]
    [TestCase("""{"type":"object","required":["a"]}""", "{}", "x.a: Required value")]
    [TestCase("""{"type":"string","enum":["a","b"]}""", "\"c\"", "x: Unsupported value: \"c\": supported values: \"a\", \"b\"")]
    [TestCase("""{"type":"string","pattern":"^a+$"}""", "\"b\"", "x: Invalid value: \"b\": x in body should match '^a+$'")]
    [TestCase("""{"type":"string","minLength":1}""", "\"\"", "x: Invalid value: \"\": x in body should be at least 1 chars long")]
    [TestCase("""{"type":"string","maxLength":1}""", "\"ab\"", "x: Too long: may not be longer than 1")]
    [TestCase("""{"type":"integer","minimum":1}""", "0", "x: Invalid value: 0: x in body should be greater than or equal to 1")]
    [TestCase("""{"type":"integer","maximum":1}""", "2", "x: Invalid value: 2: x in body should be less than or equal to 1")]
    [TestCase("""{"type":"array","maxItems":1}""", "[1,2]", "x: Too many: 2: must have at most 1 items")]
    [TestCase("""{"type":"array","x-kubernetes-list-type":"set"}""", """["a","a"]""", "x[1]: Duplicate value: \"a\"")]
    [TestCase("""{"type":"string","format":"date-time"}""", "\"2026-01-01T00:00:00.5Z\"", "")]
    [TestCase("""{"type":"string","format":"date-time"}""", "\"soon\"", "x: Invalid value: \"soon\": x in body must be of type date-time: \"soon\"")]
    [TestCase("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"a":1}""", "x.a: Invalid value: \"integer\": x.a in body must be of type string: \"integer\"")]
    [TestCase("""{"type":"string","x-kubernetes-validations":[{"rule":"false"}]}""", "\"a\"", "")]
    public void Schema_violations_are_reported(string schema, string value, string expected)
    {
        var whole = Schema($$$"""{"type":"object","properties":{"x":{{{schema}}}}}""");

        var errors = Validation.Validate(JsonNode.Parse($$$"""{"x":{{{value}}}}"""), whole);

        Assert.That(string.Join('\n', errors), Is.EqualTo(expected));
    }

    private static StructuralSchema Schema(string json) => StructuralSchema.Parse(JsonReading.Parse(json));
}
