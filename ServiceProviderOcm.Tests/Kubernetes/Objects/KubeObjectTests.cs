using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class KubeObjectTests
{
    [Test]
    public void Fields_that_exist_can_be_read()
    {
        var it = KubeObject.Parse(
            """
            {
              "kind": "Thing",
              "metadata": {
                "name": "n", "namespace": "ns", "uid": "u", "resourceVersion": "5", "generation": 2,
                "deletionTimestamp": "2026-01-01T00:00:00Z", "labels": { "a": "b" }, "annotations": { "c": "d" }, "finalizers": ["f"]
              }
            }
            """);

        Assert.That((it.Name, it.Namespace, it.Uid, it.ResourceVersion, it.Generation), Is.EqualTo(("n", "ns", "u", "5", 2L)));
        Assert.That(it.Key, Is.EqualTo(new ObjectKey("ns", "n")));
        Assert.That(it.IsBeingDeleted, Is.True);
        Assert.That((it.Labels["a"], it.Annotations["c"], it.Finalizers.Single()), Is.EqualTo(("b", "d", "f")));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("1")]
    [TestCase("\"text\"")]
    [TestCase("""{ "metadata": null }""")]
    [TestCase("""{ "metadata": 5 }""")]
    [TestCase("""{ "metadata": [] }""")]
    [TestCase("""
        {
          "kind": null,
          "metadata": {
            "name": null, "namespace": null, "uid": null, "resourceVersion": null, "generation": null,
            "deletionTimestamp": null, "labels": null, "annotations": null, "finalizers": null
          }
        }
        """)]
    [TestCase("""
        {
          "kind": 1,
          "metadata": {
            "name": 1, "namespace": true, "uid": [], "resourceVersion": 5, "generation": "2", "labels": ["a"], "annotations": "a", "finalizers": {}
          }
        }
        """)]
    [TestCase("""{ "metadata": { "generation": 1.5, "labels": { "a": 1, "b": null }, "finalizers": [1, null, {}] } }""")]
    [TestCase("""{ "metadata": { "generation": 99999999999999999999 } }""")]
    public void Missing_and_malformed_fields_read_as_absent(string json)
    {
        var it = KubeObject.Parse(json);

        Assert.That((it.Name, it.Namespace, it.Uid, it.ResourceVersion, it.Generation), Is.EqualTo(("", "", "", "", 0L)));
        Assert.That(it.IsBeingDeleted, Is.False);
        Assert.That((it.Labels.Count, it.Annotations.Count, it.Finalizers.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(it.ToString(), Is.EqualTo("object "));
        Assert.That(it.Ownership, Is.SameAs(FieldOwnership.None));
    }

    [Test]
    public void Malformed_entries_are_skipped()
    {
        var it = KubeObject.Parse("""{ "metadata": { "labels": { "a": "1", "b": 2, "a": "3" }, "finalizers": ["x", 1, "y"] } }""");

        Assert.That(it.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "3" }));
        Assert.That(it.Finalizers, Is.EqualTo(["x", "y"]));
    }

    [Test]
    public void The_text_of_an_object_is_its_name_without_its_content() => Assert.That(
        KubeObject.Parse("""{ "kind": "Secret", "metadata": { "name": "n", "namespace": "ns" }, "data": { "p": "x" } }""").ToString(),
        Is.EqualTo("Secret ns/n"));

    [Test]
    public void Numbers_keep_their_notation()
    {
        var it = KubeObject.From((JsonObject)JsonNode.Parse("""{ "a": 1.0, "b": 1e3, "c": 12345678901234567890 }""")!);

        Assert.That(it.Json.GetRawText(), Is.EqualTo("""{"a":1.0,"b":1e3,"c":12345678901234567890}"""));
    }

    [Test]
    public void Text_that_is_not_JSON_is_rejected() => Assert.That(() => KubeObject.Parse("{"), Throws.InstanceOf<JsonException>());

    [TestCase("1", TestName = "The_size_of_an_object_is_the_memory_it_takes(many short values)")]
    [TestCase("{}", TestName = "The_size_of_an_object_is_the_memory_it_takes(many empty objects)")]
    [TestCase("\"0123456789012345678901234567890123456789012345678901234567890123456789\"", TestName = "The_size_of_an_object_is_the_memory_it_takes(long texts)")]
    public void The_size_of_an_object_is_the_memory_it_takes(string value)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"a"},"data":[{{string.Join(',', Enumerable.Repeat(value, 100_000))}}]}""");
        JsonElement.Parse(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = JsonElement.Parse(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(new KubeObject(parsed).Size, Is.InRange(0.3 * allocated, 1.1 * allocated));
    }

    [TestCase(10, TestName = "An_object_that_is_kept_as_text_reads_like_its_parsed_form(short)")]
    [TestCase(10_000, TestName = "An_object_that_is_kept_as_text_reads_like_its_parsed_form(long)")]
    public void An_object_that_is_kept_as_text_reads_like_its_parsed_form(int padding)
    {
        var text = $$"""{"metadata":{"namespace":"ns","name":"n","generation":2},"data":["{{new string('x', padding)}}",1.0]}""";

        var kept = KubeObject.OfText(Encoding.UTF8.GetBytes(text), FieldOwnership.None, SharedPart.None);

        Assert.That((kept.Key, kept.Generation), Is.EqualTo((new ObjectKey("ns", "n"), 2L)));
        Assert.That(kept.Json.GetRawText(), Is.EqualTo(text));
    }

    [Test]
    public void Objects_that_are_kept_as_text_are_not_mixed_up()
    {
        var kept = Enumerable.Range(0, 5_000)
            .Select(i => KubeObject.OfText(Encoding.UTF8.GetBytes($$$"""{"data":{"i":{{{i}}}}}"""), FieldOwnership.None, SharedPart.None))
            .ToList();

        var read = kept.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(each => each.Json.Number("data", "i")).ToList();

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, 5_000)));
    }

    [Test]
    public void An_object_that_is_kept_as_text_takes_no_more_memory_than_its_size_says()
    {
        var text = Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"a"},"data":[{{string.Join(',', Enumerable.Repeat(1, 1000))}}]}""");
        GC.KeepAlive(KubeObject.OfText(text, FieldOwnership.None, SharedPart.None));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = KubeObject.OfText(text, FieldOwnership.None, SharedPart.None);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(kept.Size, Is.InRange(allocated, 2 * allocated));
    }

    [TestCase("n", "a", "n/a")]
    [TestCase("", "a.example.com", "a.example.com")]
    [TestCase("n", "A", "(invalid name)")]
    [TestCase("n", "a\u202e", "(invalid name)")]
    [TestCase("n\u001b[31m", "a", "(invalid name)")]
    [TestCase("n", "", "(invalid name)")]
    public void Messages_show_only_keys_that_an_API_server_would_store(string ns, string name, string shown) =>
        Assert.That(new ObjectKey(ns, name).Shown, Is.EqualTo(shown));

    [Test]
    public void Keys_name_the_namespace_where_there_is_one()
    {
        Assert.That(new ObjectKey("ns", "n").ToString(), Is.EqualTo("ns/n"));
        Assert.That(ObjectKey.ClusterScoped("n").ToString(), Is.EqualTo("n"));
    }

    [Test]
    public void Kinds_have_the_names_that_the_server_uses()
    {
        Assert.That((Kinds.Secret.ApiVersion, Kinds.Secret.QualifiedPlural), Is.EqualTo(("v1", "secrets")));
        Assert.That(
            (PlatformKinds.HelmRelease.ApiVersion, PlatformKinds.HelmRelease.QualifiedPlural),
            Is.EqualTo(("helm.toolkit.fluxcd.io/v2", "helmreleases.helm.toolkit.fluxcd.io")));
    }
}
