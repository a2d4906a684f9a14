using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class KubeObjectTests
{
    [Test]
    public void What_is_there_can_be_read()
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
    public void What_is_missing_or_odd_reads_as_not_there(string json)
    {
        var it = KubeObject.Parse(json);

        Assert.That((it.Name, it.Namespace, it.Uid, it.ResourceVersion, it.Generation), Is.EqualTo(("", "", "", "", 0L)));
        Assert.That(it.IsBeingDeleted, Is.False);
        Assert.That((it.Labels.Count, it.Annotations.Count, it.Finalizers.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(it.ToString(), Is.EqualTo("object "));
        Assert.That(it.Ownership, Is.SameAs(FieldOwnership.None));
    }

    [Test]
    public void Of_odd_entries_only_the_sound_ones_are_read()
    {
        var it = KubeObject.Parse("""{ "metadata": { "labels": { "a": "1", "b": 2, "a": "3" }, "finalizers": ["x", 1, "y"] } }""");

        Assert.That(it.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "3" }));
        Assert.That(it.Finalizers, Is.EqualTo(["x", "y"]));
    }

    [Test]
    public void An_object_is_called_by_its_name_and_keeps_its_content_to_itself() => Assert.That(
        KubeObject.Parse("""{ "kind": "Secret", "metadata": { "name": "n", "namespace": "ns" }, "data": { "p": "x" } }""").ToString(),
        Is.EqualTo("Secret ns/n"));

    [Test]
    public void Numbers_keep_their_form()
    {
        var it = KubeObject.From((JsonObject)JsonNode.Parse("""{ "a": 1.0, "b": 1e3, "c": 12345678901234567890 }""")!);

        Assert.That(it.Json.GetRawText(), Is.EqualTo("""{"a":1.0,"b":1e3,"c":12345678901234567890}"""));
    }

    [Test]
    public void What_is_no_JSON_is_refused() => Assert.That(() => KubeObject.Parse("{"), Throws.InstanceOf<JsonException>());

    [Test]
    public void Keys_name_the_namespace_where_there_is_one()
    {
        Assert.That(new ObjectKey("ns", "n").ToString(), Is.EqualTo("ns/n"));
        Assert.That(ObjectKey.ClusterScoped("n").ToString(), Is.EqualTo("n"));
    }

    [Test]
    public void Kinds_are_called_as_the_server_calls_them()
    {
        Assert.That((Kinds.Secret.ApiVersion, Kinds.Secret.QualifiedPlural), Is.EqualTo(("v1", "secrets")));
        Assert.That(
            (Kinds.HelmRelease.ApiVersion, Kinds.HelmRelease.QualifiedPlural),
            Is.EqualTo(("helm.toolkit.fluxcd.io/v2", "helmreleases.helm.toolkit.fluxcd.io")));
    }
}
