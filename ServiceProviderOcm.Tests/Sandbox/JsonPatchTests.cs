using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Patches;

namespace ServiceProviderOcm.Tests.Sandbox;

public sealed class JsonPatchTests
{
    [TestCase("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [TestCase("""{"a":1}""", """[{"op":"add","path":"/a","value":null}]""", """{"a":null}""")]
    [TestCase("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [TestCase("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [TestCase("""{"a":[1,2]}""", """[{"op":"remove","path":"/a/0"}]""", """{"a":[2]}""")]
    [TestCase("""{"a/b":1,"c~d":2}""", """[{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}]""", "{}")]
    [TestCase("""{"a":1}""", """[{"op":"replace","path":"/a","value":{"b":2}}]""", """{"a":{"b":2}}""")]
    [TestCase("""{"a":{"b":1},"c":{}}""", """[{"op":"move","from":"/a/b","path":"/c/b"}]""", """{"a":{},"c":{"b":1}}""")]
    [TestCase("""{"a":[1,2,3]}""", """[{"op":"move","from":"/a/0","path":"/a/2"}]""", """{"a":[2,3,1]}""")]
    [TestCase("""{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1},"c":{"b":1}}""")]
    [TestCase("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}]""", "{}")]
    [TestCase("""{"a":1}""", """[{"op":"replace","path":"","value":[]}]""", "[]")]
    public void Operations_are_applied_in_order(string target, string patch, string expected)
    {
        var before = JsonNode.Parse(target);

        var after = JsonPatch.Apply(before, JsonNode.Parse(patch)!.AsArray());

        Assert.That(after!.ToJsonString(), Is.EqualTo(JsonNode.Parse(expected)!.ToJsonString()));
        Assert.That(before!.ToJsonString(), Is.EqualTo(JsonNode.Parse(target)!.ToJsonString()), "what is patched stays as it was");
    }

    [TestCase("""[{"op":"remove","path":"/b"}]""", 422)]
    [TestCase("""[{"op":"replace","path":"/b","value":1}]""", 422)]
    [TestCase("""[{"op":"test","path":"/a","value":2}]""", 422)]
    [TestCase("""[{"op":"add","path":"/l/3","value":1}]""", 422)]
    [TestCase("""[{"op":"remove","path":"/l/01x"}]""", 422)]
    [TestCase("""[{"op":"add","path":"a","value":1}]""", 400)]
    [TestCase("""[{"op":"merge","path":"/a"}]""", 400)]
    [TestCase("""[{"op":"add"}]""", 400)]
    public void What_does_not_fit_is_refused(string patch, int code)
    {
        var refusal = Assert.Throws<StatusException>(
            () => JsonPatch.Apply(JsonNode.Parse("""{"a":1,"l":[1,2]}"""), JsonNode.Parse(patch)!.AsArray()));

        Assert.That(refusal!.Code, Is.EqualTo(code));
    }
}
