using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

namespace ServiceProviderOcm.Tests.Kubernetes.Objects;

public sealed class SharedPartsTests
{
    private static readonly ResourceKind Kind = new("example.com", "v1", "Release", "releases");
    private static readonly string[] Path = ["spec", "values"];

    private readonly SharedParts _parts = new(Kind, Path);

    [Test]
    public void Equal_parts_of_many_objects_are_one_instance()
    {
        var one = _parts.Of(JsonReading.Parse("""{ "a": [1.0] }"""));

        Assert.That(_parts.Of(JsonReading.Parse("""{"a":[1.0]}""")), Is.SameAs(one));
        Assert.That(_parts.Of(JsonReading.Parse("""{ "a": [1] }""")).IsSame(one), Is.False);
    }

    [Test]
    public void An_object_with_a_shared_part_reads_as_a_whole()
    {
        var release = Detached("""{ "a": { "b": 1.0 } }""");

        Assert.That(release.Json.GetRawText(), Does.Contain("\"values\":{\"a\":{\"b\":1.0}}"));
        Assert.That(release.At("spec", "values", "a", "b")!.Value.GetRawText(), Is.EqualTo("1.0"));
        Assert.That(release.At("spec", "values", "missing"), Is.Null);
        Assert.That(release.At("spec")!.Value.GetRawText(), Does.Contain("\"values\""));
        Assert.That((release.Text("spec", "name"), release.Text("kind")), Is.EqualTo(("one", "Release")));
    }

    [TestCase("""{ "a": 1 }""", """{ "a": 1 }""", false)]
    [TestCase("""{ "a": 1 }""", """{ "a": 2 }""", true)]
    [TestCase("""{ "a": 1 }""", """{ "b": 1 }""", true)]
    [TestCase("""{ "a": 1, "b": 2 }""", """{ "b": 2, "a": 1.0 }""", false)]
    public void Drift_in_a_shared_part_is_detected(string desired, string observed, bool needsApply) =>
        Assert.That(Drift.Between(Detached(desired), Detached(observed), DriftRules.None).NeedsApply, Is.EqualTo(needsApply));

    [Test]
    public void Fields_that_others_add_to_a_shared_part_are_removed()
    {
        var observed = Detached("""{ "a": 1, "b": 2 }""", new FieldOwnership([["spec", "values", "a"]], [["spec", "values", "b"]]));

        var removal = Drift.Between(Detached("""{ "a": 1 }"""), observed, DriftRules.None).Removal.ToMergePatch();

        Assert.That(removal.GetRawText(), Is.EqualTo("""{"spec":{"values":{"b":null}}}"""));
        Assert.That(Drift.Between(Detached("""{ "a": 1, "b": 2 }"""), observed, DriftRules.None).IsNone, Is.True);
    }

    private static KubeObject Detached(string values, FieldOwnership? ownership = null) => new(
        JsonReading.Parse("""{ "apiVersion": "example.com/v1", "kind": "Release", "spec": { "name": "one" } }"""),
        ownership,
        SharedPart.Of(Path, JsonReading.Parse(values)));
}
