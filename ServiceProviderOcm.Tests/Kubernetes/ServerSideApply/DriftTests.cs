using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Kubernetes.ServerSideApply;

public sealed class DriftTests
{
    private const string Kind = "\"kind\": \"HelmRelease\"";

    private static readonly HashSet<string> NoDefaults = [];

    [Test]
    public void A_missing_object_is_applied() => Assert.That(Drift.NeedsApply(Spec("{}"), null), Is.True);

    [TestCase("""{ "a": 1 }""", """{ "a": 1, "timeout": "60s" }""", TestName = "{m}(a default)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": { "b": 1, "c": 2 } }""", TestName = "{m}(a default below)")]
    [TestCase("""{ "a": [{ "b": 1 }] }""", """{ "a": [{ "b": 1, "c": 2 }] }""", TestName = "{m}(a default in a list)")]
    [TestCase("""{ "a": 1, "b": 2 }""", """{ "b": 2, "a": 1 }""", TestName = "{m}(another order of fields)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 1.0 }""", TestName = "{m}(1 and 1.0)")]
    [TestCase("""{ "a": 1e3 }""", """{ "a": 1000 }""", TestName = "{m}(1e3 and 1000)")]
    [TestCase("""{ "a": null }""", """{}""", TestName = "{m}(a null that was dropped)")]
    [TestCase("""{ "a": null }""", """{ "a": null }""", TestName = "{m}(a null that was kept)")]
    [TestCase("""{ "a": {} }""", """{}""", TestName = "{m}(an empty object that was dropped)")]
    [TestCase("""{ "a": [] }""", """{}""", TestName = "{m}(an empty list that was dropped)")]
    [TestCase("""{ "a": "\u0041" }""", """{ "a": "A" }""", TestName = "{m}(another spelling of a text)")]
    public void Equal_values_are_no_drift(string desired, string observed) => Assert.That(Drift.NeedsApply(Spec(desired), Spec(observed)), Is.False);

    [TestCase("""{ "a": 1 }""", """{}""", TestName = "{m}(missing)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 2 }""", TestName = "{m}(another number)")]
    [TestCase("""{ "a": 1 }""", """{ "a": "1" }""", TestName = "{m}(another type)")]
    [TestCase("""{ "a": "x" }""", """{ "a": "X" }""", TestName = "{m}(another text)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": { "c": 1 } }""", TestName = "{m}(missing below)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": null }""", TestName = "{m}(null in place of an object)")]
    [TestCase("""{ "a": [1, 2] }""", """{ "a": [2, 1] }""", TestName = "{m}(another order of a list)")]
    [TestCase("""{ "a": [1] }""", """{ "a": [1, 2] }""", TestName = "{m}(a longer list)")]
    [TestCase("""{ "a": [1, 2] }""", """{ "a": [1] }""", TestName = "{m}(a shorter list)")]
    [TestCase("""{ "a": [] }""", """{ "a": [1] }""", TestName = "{m}(a list that should be empty)")]
    [TestCase("""{ "a": null }""", """{ "a": 1 }""", TestName = "{m}(a value where none should be)")]
    [TestCase("""{ "a": 12345678901234567890 }""", """{ "a": 12345678901234567891 }""", TestName = "{m}(large numbers)")]
    [TestCase("""{ "a": false }""", """{}""", TestName = "{m}(a false that is missing)")]
    public void A_different_value_is_drift(string desired, string observed) => Assert.That(Drift.NeedsApply(Spec(desired), Spec(observed)), Is.True);

    [Test]
    public void Additional_labels_are_no_drift_and_a_missing_label_is()
    {
        var desired = Metadata("""{ "labels": { "mine": "1" } }""");

        Assert.That(Drift.NeedsApply(desired, Metadata("""{ "labels": { "mine": "1", "theirs": "2" } }""")), Is.False);
        Assert.That(Drift.NeedsApply(desired, Metadata("""{ "labels": { "theirs": "2" } }""")), Is.True);
    }

    [TestCase("""["a"]""", """["b", "a"]""", false)]
    [TestCase("""["a", "b"]""", """["b", "a"]""", false)]
    [TestCase("""[]""", """["b"]""", false)]
    [TestCase("""["a"]""", """["b"]""", true)]
    [TestCase("""["a", "b"]""", """["a"]""", true)]
    [TestCase("""["a", "b"]""", """["b", "c"]""", true)]
    [TestCase("""["a"]""", """[]""", true)]
    [TestCase("""["a"]""", "null", true)]
    public void Finalizers_are_compared_as_a_set_shared_with_others(string desired, string observed, bool expected) => Assert.That(
        Drift.NeedsApply(Metadata($$"""{ "finalizers": {{desired}} }"""), Metadata($$"""{ "finalizers": {{observed}} }""")),
        Is.EqualTo(expected));

    [TestCase("""{ "values": { "finalizers": ["a"] } }""", """{ "values": { "finalizers": ["b", "a"] } }""")]
    [TestCase("""{ "metadata": { "finalizers": ["a"] } }""", """{ "metadata": { "finalizers": ["b", "a"] } }""")]
    [TestCase("""{ "a": [{ "metadata": { "finalizers": ["a"] } }] }""", """{ "a": [{ "metadata": { "finalizers": ["b", "a"] } }] }""")]
    public void A_values_field_named_finalizers_is_compared_as_a_list(string desired, string observed) =>
        Assert.That(Drift.NeedsApply(Spec(desired), Spec(observed)), Is.True);

    [Test]
    public void An_owned_field_that_is_no_longer_desired_is_removed()
    {
        var observed = Spec("""{ "a": 1, "b": 2 }""").OwnedAs(new FieldOwnership([["spec", "a"], ["spec", "b"]], []));

        PlanReading.IsJson(Drift.Removal(Spec("""{ "a": 1 }"""), observed, NoDefaults)!.Value, """{ "spec": { "b": null } }""");
        Assert.That(Drift.Removal(Spec("""{ "a": 1, "b": 2 }"""), observed, NoDefaults), Is.Null);
    }

    [Test]
    public void A_map_that_is_owned_as_one_field_is_owned_with_its_content()
    {
        var observed = Spec("""{ "values": { "a": 1, "b": 2 } }""").OwnedAs(new FieldOwnership([], [["spec", "values"]]));

        Assert.That(Drift.NeedsApply(Spec("""{ "values": { "a": 1 } }"""), observed), Is.True);
        Assert.That(Drift.NeedsApply(Spec("""{ "values": { "b": 2, "a": 1 } }"""), observed), Is.False);
    }

    [Test]
    public void An_owned_field_that_is_missing_and_not_desired_is_no_drift() => Assert.That(
        Drift.NeedsApply(Spec("""{ "a": 1 }"""), Spec("""{ "a": 1 }""").OwnedAs(new FieldOwnership([["spec", "gone"]], []))), Is.False);

    [Test]
    public void A_field_that_has_another_owner_too_is_no_drift() => Assert.That(
        Drift.NeedsApply(Spec("""{ "a": 1 }"""), Spec("""{ "a": 1 }""").WithForeign("""{ "spec": { "b": 2 } }""")), Is.False);

    [TestCase("""{ "a": 1 }""", """{ "b": 2 }""", """{ "b": null }""", TestName = "{m}(a field)")]
    [TestCase("""{ "a": { "x": 1 } }""", """{ "a": { "y": 2 } }""", """{ "a": { "y": null } }""", TestName = "{m}(a field below)")]
    [TestCase("""{ "a": 1 }""", """{ "b": { "c": { "d": 2 } } }""", """{ "b": null }""", TestName = "{m}(at the topmost step that is missing)")]
    [TestCase(
        """{ "a": { "x": 1 } }""",
        """{ "a": { "y": { "z": 1 }, "w": 2 }, "b": 3 }""",
        """{ "a": { "y": null, "w": null }, "b": null }""",
        TestName = "{m}(several)")]
    [TestCase("""{}""", """{ "a.b": { "c/d": 1 } }""", """{ "a.b": null }""", TestName = "{m}(names with dots)")]
    public void A_field_that_another_manager_added_is_removed(string desired, string added, string expected)
    {
        var observed = Spec(desired).WithForeign($$"""{ "spec": {{added}} }""");

        PlanReading.IsJson(Drift.Removal(Spec(desired), observed, NoDefaults)!.Value, $$"""{ "spec": {{expected}} }""");
    }

    [TestCase("""{ "a": 1 }""", """{ "a": 1 }""", """["spec", "a"]""", TestName = "{m}(desired too)")]
    [TestCase("""{ "a": [1] }""", """{ "a": [1] }""", """["spec", "a", "b"]""", TestName = "{m}(inside a list)")]
    [TestCase("""{ "a": null }""", """{ "a": { "b": 1 } }""", """["spec", "a", "b"]""", TestName = "{m}(replaced by the apply)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 1 }""", """["spec", "gone"]""", TestName = "{m}(already gone)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 1, "b": null }""", """["spec", "b"]""", TestName = "{m}(null)")]
    public void A_foreign_field_is_not_removed(string desired, string observed, string path)
    {
        var foreign = new FieldOwnership([], [JsonSerializer.Deserialize<string[]>(path)!]);

        Assert.That(Drift.Removal(Spec(desired), Spec(observed).OwnedAs(foreign), NoDefaults), Is.Null);
    }

    [Test]
    public void A_field_without_an_owner_is_a_default_and_stays() => Assert.That(
        Drift.Removal(Spec("""{ "a": 1 }"""), Spec("""{ "a": 1, "timeout": "60s" }"""), NoDefaults), Is.Null);

    [Test]
    public void A_known_default_of_the_server_stays()
    {
        var observed = Spec("""{ "a": 1 }""").WithForeign("""{ "spec": { "timeout": "60s", "more": 1 } }""");

        PlanReading.IsJson(
            Drift.Removal(Spec("""{ "a": 1 }"""), observed, new HashSet<string> { "HelmRelease.spec.timeout=\"60s\"", "HelmRelease.spec.more=2" })!.Value,
            """{ "spec": { "more": null } }""");
        Assert.That(
            Drift.Removal(Spec("""{ "a": 1 }"""), observed, new HashSet<string> { "Other.spec.timeout", "Other.spec.more" }), Is.Not.Null);
    }

    [TestCase("""{ "spec": { "a": null } }""", """{ "spec": { "a": 1 } }""", "HelmRelease.spec.a=1")]
    [TestCase("""{ "spec": { "a": null } }""", """{ "spec": {} }""")]
    [TestCase("""{ "spec": { "a": null } }""", """{}""")]
    [TestCase("""{ "spec": { "a": 1 } }""", """{ "spec": { "a": 1 } }""")]
    [TestCase("""{ "spec": { "a": { "b": null, "c": null }, "d": null } }""", """{ "spec": { "a": { "c": 1 }, "d": 2 } }""", "HelmRelease.spec.a.c=1", "HelmRelease.spec.d=2")]
    public void Removed_fields_that_are_set_again_are_defaults_of_the_server(string patch, string result, params string[] expected) => Assert.That(
        Drift.NotRemoved("HelmRelease", KubeObject.Parse(patch).Json, KubeObject.Parse(result).Json), Is.EqualTo(expected));

    [Test]
    public void An_object_never_drifts_from_itself() => Prop.ForAll(
            Arbitraries.JsonObjects.ToArbitrary(), json => !Drift.NeedsApply(Spec(json), Spec(json)))
        .QuickCheckThrowOnFailure();

    [Test]
    public void Removing_foreign_fields_leaves_the_desired_fields() => Prop.ForAll(
            Arbitraries.JsonObjects.Two().ToArbitrary(),
            pair =>
            {
                var desired = Spec(pair.Item1);
                var merged = Spec(pair.Item2).Patched($$"""{ "spec": {{pair.Item1}} }""");
                var observed = merged.OwnedAs(new FieldOwnership([], Json.Leaves(Spec(pair.Item2).Json)));
                var cleaned = Drift.Removal(desired, observed, NoDefaults) is { } removal
                    ? observed.Patched(Json.Text(removal))
                    : observed;
                return !Drift.NeedsApply(desired, merged)
                    && !Drift.NeedsApply(desired, cleaned)
                    && Drift.Removal(desired, cleaned, NoDefaults) is null;
            })
        .QuickCheckThrowOnFailure();

    private static KubeObject Spec(string spec) => KubeObject.Parse($$"""{ {{Kind}}, "spec": {{spec}} }""");

    private static KubeObject Metadata(string metadata) => KubeObject.Parse($$"""{ {{Kind}}, "metadata": {{metadata}} }""");
}
