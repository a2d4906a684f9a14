using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class MergePatchTests
{
    // The examples of RFC 7386, appendix A.
    [TestCase("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [TestCase("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [TestCase("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [TestCase("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [TestCase("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [TestCase("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [TestCase("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [TestCase("""{"a":"foo"}""", "null", null)]
    [TestCase("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [TestCase("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [TestCase("[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [TestCase("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_gives_the_result_of_RFC_7386(string target, string patch, string? expected)
    {
        var before = JsonNode.Parse(target);

        Assert.That(MergePatch.Apply(before, JsonNode.Parse(patch))?.ToJsonString(), Is.EqualTo(expected));
        Assert.That(before?.ToJsonString(), Is.EqualTo(target), "the target is not modified");
    }

    [Test]
    public void Deep_objects_do_not_overflow_the_stack()
    {
        const int Depth = 10_000;
        var merged = 0;
        var thread = new Thread(
            () =>
            {
                var (before, patch) = (Nested("b", Depth), Nested("p", Depth));
                for (var node = MergePatch.Apply(before, patch); node is JsonObject fields; node = fields["a"])
                {
                    merged += fields.ContainsKey("b") && fields.ContainsKey("p") ? 1 : 0;
                }
            },
            maxStackSize: 128 << 10);

        thread.Start();
        thread.Join();

        Assert.That(merged, Is.EqualTo(Depth));
    }

    private static JsonObject Nested(string mark, int depth)
    {
        var node = new JsonObject { [mark] = 1 };
        for (var level = 1; level < depth; level++)
        {
            node = new JsonObject { [mark] = 1, ["a"] = node };
        }

        return node;
    }
}
