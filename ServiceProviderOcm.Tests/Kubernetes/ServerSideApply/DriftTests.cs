using System.Text.Json;
using System.Text.Json.Nodes;
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

    private static readonly DriftRules Untyped = new() { Untyped = [["spec", "values"]] };

    [TestCase("""{ "a": 1 }""", """{ "a": 1, "timeout": "60s" }""", TestName = "{m}(a default)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": { "b": 1, "c": 2 } }""", TestName = "{m}(a default below)")]
    [TestCase("""{ "a": {} }""", """{ "a": { "b": 1 } }""", TestName = "{m}(a default in an empty object)")]
    [TestCase("""{ "a": 1, "b": 2 }""", """{ "b": 2, "a": 1 }""", TestName = "{m}(another order of fields)")]
    [TestCase("""{ "a": null }""", """{ "a": null }""", TestName = "{m}(a null)")]
    [TestCase("""{ "a": "\u0041" }""", """{ "a": "A" }""", TestName = "{m}(another spelling of a text)")]
    public void Equal_values_are_no_drift(string desired, string observed) => Assert.That(Between(desired, observed).IsNone, Is.True);

    [TestCase("1", "1.0")]
    [TestCase("1", "1e0")]
    [TestCase("1e3", "1000")]
    [TestCase("-0.0", "0")]
    [TestCase("12345678901234567890", "12345678901234567890.0")]
    [TestCase("1.2345678901234567e19", "12345678901234567000")]
    [TestCase("0.1", "1e-1")]
    public void Numbers_of_the_same_value_are_no_drift(string desired, string observed) =>
        Assert.That(Between($$"""{ "a": [{{desired}}], "b": {{desired}} }""", $$"""{ "a": [{{observed}}], "b": {{observed}} }""").IsNone, Is.True);

    [TestCase("12345678901234567890", "12345678901234567891")]
    [TestCase("9223372036854775807", "9223372036854775808")]
    [TestCase("9007199254740992", "9007199254740993")]
    [TestCase("0.1", "0.10000000000000001")]
    [TestCase("1", "-1")]
    [TestCase("1e400", "1e401")]
    [TestCase("1e99999999999", "1e99999999998")]
    public void Numbers_of_different_values_are_drift(string desired, string observed) => Assert.That(
        Between($$"""{ "a": {{desired}} }""", $$"""{ "a": {{observed}} }""").NeedsApply, Is.True);

    [TestCase("""{ "a": 1 }""", """{}""", TestName = "{m}(missing)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 2 }""", TestName = "{m}(another number)")]
    [TestCase("""{ "a": 1 }""", """{ "a": "1" }""", TestName = "{m}(another type)")]
    [TestCase("""{ "a": "x" }""", """{ "a": "X" }""", TestName = "{m}(another text)")]
    [TestCase("""{ "a": true }""", """{ "a": false }""", TestName = "{m}(another truth)")]
    [TestCase("""{ "a": false }""", """{}""", TestName = "{m}(a false that is missing)")]
    [TestCase("""{ "a": null }""", """{}""", TestName = "{m}(a null that is missing)")]
    [TestCase("""{ "a": {} }""", """{}""", TestName = "{m}(an empty object that is missing)")]
    [TestCase("""{ "a": [] }""", """{}""", TestName = "{m}(an empty list that is missing)")]
    [TestCase("""{ "a": { "b": null } }""", """{ "a": {} }""", TestName = "{m}(a null that is missing below)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": { "c": 1 } }""", TestName = "{m}(missing below)")]
    [TestCase("""{ "a": { "b": 1 } }""", """{ "a": null }""", TestName = "{m}(null in place of an object)")]
    [TestCase("""{ "a": 1 }""", """{ "a": null }""", TestName = "{m}(null in place of a number)")]
    [TestCase("""{ "a": [1, 2] }""", """{ "a": [2, 1] }""", TestName = "{m}(another order of a list)")]
    [TestCase("""{ "a": [1] }""", """{ "a": [1, 2] }""", TestName = "{m}(a longer list)")]
    [TestCase("""{ "a": [1, 2] }""", """{ "a": [1] }""", TestName = "{m}(a shorter list)")]
    [TestCase("""{ "a": [] }""", """{ "a": [1] }""", TestName = "{m}(a list that should be empty)")]
    [TestCase("""{ "a": [{ "b": 1 }] }""", """{ "a": [{ "b": 1, "c": 2 }] }""", TestName = "{m}(a field in an element)")]
    [TestCase("""{ "a": [{ "b": 1 }] }""", """{ "a": [{ "b": 1, "c": null }] }""", TestName = "{m}(a null in an element)")]
    [TestCase("""{ "a": [{ "b": {} }] }""", """{ "a": [{}] }""", TestName = "{m}(an empty object that is missing in an element)")]
    [TestCase("""{ "a": [[{ "b": 1 }]] }""", """{ "a": [[{ "b": 1, "c": 2 }]] }""", TestName = "{m}(a field in an element of an element)")]
    public void A_difference_that_applying_reverts_is_drift(string desired, string observed) =>
        Assert.That(Between(desired, observed), Is.EqualTo(new Drift(true, FieldRemoval.None)));

    [TestCase("""{ "a": null }""", """{ "a": 1 }""", TestName = "{m}(null in place of a number)")]
    [TestCase("""{ "a": null }""", """{ "a": {} }""", TestName = "{m}(null in place of an empty object)")]
    [TestCase("""{ "a": null }""", """{ "a": { "b": 1 } }""", TestName = "{m}(null in place of an object)")]
    [TestCase("""{ "a": 1 }""", """{ "a": { "b": 1 } }""", TestName = "{m}(a number in place of an object)")]
    [TestCase("""{ "a": [] }""", """{ "a": { "b": 1 } }""", TestName = "{m}(a list in place of an object)")]
    [TestCase("""{ "a": {} }""", """{ "a": [1] }""", TestName = "{m}(an object in place of a list)")]
    public void A_value_of_another_kind_is_removed_before_the_apply(string desired, string observed)
    {
        var drift = Between(desired, observed);

        Assert.That(drift.NeedsApply, Is.True);
        PlanReading.IsJson(drift.Removal.ToMergePatch(), """{ "spec": { "a": null } }""");
    }

    [TestCase("""{ "a": 1 }""", """{ "a": 1, "b": null }""", """{ "b": null }""", TestName = "{m}(a null)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 1, "b": {}, "c": [] }""", """{ "b": null, "c": null }""", TestName = "{m}(empty values)")]
    [TestCase("""{ "a": {} }""", """{ "a": { "b": 1 } }""", """{ "a": { "b": null } }""", TestName = "{m}(in an object that is to be empty)")]
    [TestCase("""{}""", """{ "a": { "b": 1 } }""", """{ "a": null }""", TestName = "{m}(in values that are to be empty)")]
    public void In_untyped_fields_everything_else_is_removed_whoever_owns_it(string desired, string observed, string removal)
    {
        var drift = Drift.Between(Values(desired), Values(observed), Untyped);

        Assert.That(drift.NeedsApply, Is.False);
        PlanReading.IsJson(drift.Removal.ToMergePatch(), $$"""{ "spec": { "values": {{removal}} } }""");
    }

    [Test]
    public void Untyped_fields_that_are_not_desired_are_removed_whoever_owns_them() => PlanReading.IsJson(
        Drift.Between(Spec("{}"), Values("{}"), Untyped).Removal.ToMergePatch(), """{ "spec": { "values": null } }""");

    [Test]
    public void A_large_value_that_is_not_desired_is_removed_without_a_copy()
    {
        const int Size = 4 << 20;
        var (desired, observed) = (Values("{}"), Values($$"""{ "a": "{{new string('x', Size)}}" }"""));
        Drift.Between(desired, observed, Untyped);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var drift = Drift.Between(desired, observed, Untyped);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Size / 16));
        Assert.That(drift.Removal.Paths, Is.Not.Empty);
    }

    [TestCase(10_000)]
    public void Deep_values_are_compared_and_repaired(int depth)
    {
        var desired = Values(Deep(depth, "{}"));

        Assert.That(Drift.Between(desired, Values(Deep(depth, "{}")), Untyped).IsNone, Is.True);
        var drift = Drift.Between(desired, Values(Deep(depth, """{ "b": 1 }""")), Untyped);
        Assert.That((drift.NeedsApply, drift.Removal.Paths.Count), Is.EqualTo((true, 1)), "a parent is removed and applied again");
        Assert.That(drift.Removal.Paths[0], Has.Count.EqualTo(32));
        Assert.That(
            Between($$"""{ "l": [{{Deep(depth, "1")}}] }""", $$"""{ "l": [{{Deep(depth, "2")}}] }""").NeedsApply, Is.True, "in a list");
    }

    [Test]
    public void What_a_server_does_to_every_applied_manifest_is_no_drift_once_it_is_known()
    {
        var manifest = Spec("""{ "a": null, "b": { "c": {} }, "l": [{ "x": 1 }], "m": 1 }""");
        var stored = Spec("""{ "b": {}, "l": [{ "x": 1, "y": "default" }], "m": 1 }""");

        var known = ServerChanges.NotApplied(manifest, stored);

        Assert.That(known, Is.EquivalentTo(
            ["HelmRelease.spec.a is not kept", "HelmRelease.spec.b.c is not kept", "HelmRelease.spec.l=[{ \"x\": 1, \"y\": \"default\" }]"]));
        var rules = new DriftRules { Known = known.ToHashSet() };
        Assert.That(Drift.Between(manifest, stored, DriftRules.None).NeedsApply, Is.True);
        Assert.That(Drift.Between(manifest, stored, rules).IsNone, Is.True);
        var changed = Spec("""{ "b": {}, "l": [{ "x": 1, "y": "other" }], "m": 1 }""");
        Assert.That(Drift.Between(manifest, changed, rules).NeedsApply, Is.True, "another value is drift");
    }

    [Test]
    public void A_value_that_a_server_changes_is_not_remembered() =>
        Assert.That(ServerChanges.NotApplied(Spec("""{ "a": 1, "b": [1], "c": 1 }"""), Spec("""{ "a": 2, "b": [1, 2] }""")), Is.Empty);

    [Test]
    public void Additional_labels_are_no_drift_and_a_missing_label_is()
    {
        var desired = Metadata("""{ "labels": { "mine": "1" } }""");

        Assert.That(Between(desired, Metadata("""{ "labels": { "mine": "1", "theirs": "2" } }""")).NeedsApply, Is.False);
        Assert.That(Between(desired, Metadata("""{ "labels": { "theirs": "2" } }""")).NeedsApply, Is.True);
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
        Between(Metadata($$"""{ "finalizers": {{desired}} }"""), Metadata($$"""{ "finalizers": {{observed}} }""")).NeedsApply,
        Is.EqualTo(expected));

    [TestCase("""{ "values": { "finalizers": ["a"] } }""", """{ "values": { "finalizers": ["b", "a"] } }""")]
    [TestCase("""{ "metadata": { "finalizers": ["a"] } }""", """{ "metadata": { "finalizers": ["b", "a"] } }""")]
    [TestCase("""{ "a": [{ "metadata": { "finalizers": ["a"] } }] }""", """{ "a": [{ "metadata": { "finalizers": ["b", "a"] } }] }""")]
    public void A_values_field_named_finalizers_is_compared_as_a_list(string desired, string observed) =>
        Assert.That(Between(desired, observed).NeedsApply, Is.True);

    [Test]
    public void An_owned_field_that_is_no_longer_desired_is_removed()
    {
        var observed = Spec("""{ "a": 1, "b": 2 }""").OwnedAs(new FieldOwnership([["spec", "a"], ["spec", "b"]], []));

        PlanReading.IsJson(Between(Spec("""{ "a": 1 }"""), observed).Removal.ToMergePatch(), """{ "spec": { "b": null } }""");
        Assert.That(Between(Spec("""{ "a": 1, "b": 2 }"""), observed).IsNone, Is.True);
    }

    [Test]
    public void A_map_that_is_owned_as_one_field_is_owned_with_its_content()
    {
        var observed = Spec("""{ "map": { "a": 1, "b": 2 } }""").OwnedAs(new FieldOwnership([], [["spec", "map"]]));

        PlanReading.IsJson(
            Between(Spec("""{ "map": { "a": 1 } }"""), observed).Removal.ToMergePatch(), """{ "spec": { "map": { "b": null } } }""");
        Assert.That(Between(Spec("""{ "map": { "b": 2, "a": 1 } }"""), observed).IsNone, Is.True);
    }

    [Test]
    public void An_owned_field_that_is_missing_and_not_desired_is_no_drift() => Assert.That(
        Between(Spec("""{ "a": 1 }"""), Spec("""{ "a": 1 }""").OwnedAs(new FieldOwnership([["spec", "gone"]], []))).IsNone, Is.True);

    [Test]
    public void Fields_that_others_add_to_an_open_object_stay_and_those_below_do_not()
    {
        var observed = Spec("""{ "a": { "b": 1, "c": 2 }, "theirs": 3, "earlier": 4 }""")
            .OwnedAs(new FieldOwnership([["spec", "earlier"]], [["spec", "theirs"], ["spec", "a", "c"]]));

        var drift = Drift.Between(Spec("""{ "a": { "b": 1 } }"""), observed, new DriftRules { Open = [["spec"]] });

        PlanReading.IsJson(drift.Removal.ToMergePatch(), """{ "spec": { "a": { "c": null }, "earlier": null } }""");
    }

    [Test]
    public void Metadata_can_be_left_out_and_the_rest_is_compared_still()
    {
        var labelled = KubeObject.Parse("""{ "metadata": { "labels": { "a": "b" } }, "spec": { "a": 1 } }""");
        var rules = new DriftRules { IgnoresMetadata = true };

        Assert.That(Between(labelled, Spec("""{ "a": 1 }""")).NeedsApply, Is.True);
        Assert.That(Drift.Between(labelled, Spec("""{ "a": 1 }"""), rules).IsNone, Is.True);
        Assert.That(Drift.Between(labelled, Spec("""{ "a": 2 }"""), rules).NeedsApply, Is.True);
    }

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

        PlanReading.IsJson(Between(Spec(desired), observed).Removal.ToMergePatch(), $$"""{ "spec": {{expected}} }""");
    }

    [TestCase("""{ "a": 1 }""", """{ "a": 1 }""", """["spec", "a"]""", TestName = "{m}(desired too)")]
    [TestCase("""{ "a": [1] }""", """{ "a": [1] }""", """["spec", "a", "b"]""", TestName = "{m}(inside a list)")]
    [TestCase("""{ "a": 1 }""", """{ "a": 1 }""", """["spec", "gone"]""", TestName = "{m}(already gone)")]
    public void A_foreign_field_is_not_removed(string desired, string observed, string path)
    {
        var foreign = new FieldOwnership([], [JsonSerializer.Deserialize<string[]>(path)!]);

        Assert.That(Between(Spec(desired), Spec(observed).OwnedAs(foreign)).Removal.IsEmpty, Is.True);
    }

    [Test]
    public void A_field_without_an_owner_is_a_default_and_stays() => Assert.That(
        Between("""{ "a": 1 }""", """{ "a": 1, "timeout": "60s" }""").Removal.IsEmpty, Is.True);

    [Test]
    public void Owned_fields_are_found_in_one_pass_however_many_fields_are_not_desired()
    {
        const int Fields = 1_000;
        var (applied, foreign) = (new CountedList<IReadOnlyList<string>>(Paths("a")), new CountedList<IReadOnlyList<string>>(Paths("f")));
        var fields = string.Join(',', Paths("a").Concat(Paths("d")).Concat(Paths("f")).Select(path => $"\"{path[^1]}\":1"));
        var observed = Spec($$"""{ "map": { {{fields}} } }""").OwnedAs(new FieldOwnership(applied, foreign));

        var removal = Between(Spec("""{ "map": {} }"""), observed).Removal;

        Assert.That(removal.Paths.Select(path => path[^1]), Is.EqualTo(Paths("a").Concat(Paths("f")).Select(path => path[^1])));
        Assert.That((applied.Read, foreign.Read), Is.EqualTo((Fields, Fields)));

        static List<string[]> Paths(string prefix) => [.. Enumerable.Range(0, Fields).Select(number => (string[])["spec", "map", $"{prefix}{number}"])];
    }

    [Test]
    public void A_known_default_of_the_server_stays()
    {
        var observed = Spec("""{ "a": 1 }""").WithForeign("""{ "spec": { "timeout": "60s", "more": 1 } }""");

        PlanReading.IsJson(
            Drift.Between(Spec("""{ "a": 1 }"""), observed, Knowing("HelmRelease.spec.timeout=\"60s\"", "HelmRelease.spec.more=2"))
                .Removal.ToMergePatch(),
            """{ "spec": { "more": null } }""");
        Assert.That(
            Drift.Between(Spec("""{ "a": 1 }"""), observed, Knowing("Other.spec.timeout=\"60s\"", "Other.spec.more=1")).Removal.Paths,
            Has.Count.EqualTo(2));
    }

    [TestCase("""{ "spec": { "a": null } }""", """{ "spec": { "a": 1 } }""", "HelmRelease.spec.a=1")]
    [TestCase("""{ "spec": { "a": null } }""", """{ "spec": {} }""")]
    [TestCase("""{ "spec": { "a": null } }""", """{}""")]
    [TestCase("""{ "spec": { "a": 1 } }""", """{ "spec": { "a": 1 } }""")]
    [TestCase("""{ "spec": { "a": { "b": null, "c": null }, "d": null } }""", """{ "spec": { "a": { "c": 1 }, "d": 2 } }""", "HelmRelease.spec.a.c=1", "HelmRelease.spec.d=2")]
    [TestCase("""{ "spec": { "a": null } }""", """{ "spec": { "a": null } }""", "HelmRelease.spec.a=null")]
    [TestCase("""{ "spec": { "a.b": null } }""", """{ "spec": { "a.b": 1 } }""", "HelmRelease.spec.\"a.b\"=1")]
    public void Removed_fields_that_are_set_again_are_defaults_of_the_server(string patch, string result, params string[] expected) => Assert.That(
        ServerChanges.NotRemoved("HelmRelease", KubeObject.Parse(patch).Json, KubeObject.Parse(result).Json), Is.EqualTo(expected));

    [Test]
    public void An_object_never_drifts_from_itself() => Prop.ForAll(
            Arbitraries.JsonObjects.ToArbitrary(), json => Between(json, json).IsNone)
        .QuickCheckThrowOnFailure();

    [Test]
    public void Removing_foreign_fields_leaves_the_desired_fields() => Prop.ForAll(
            Arbitraries.JsonObjects.Two().ToArbitrary(),
            pair =>
            {
                var desired = Spec(pair.Item1);
                var merged = Spec(pair.Item2).Patched($$"""{ "spec": {{pair.Item1}} }""");
                var observed = merged.OwnedAs(new FieldOwnership([], Json.Leaves(Spec(pair.Item2).Json)));
                var removal = Between(desired, observed).Removal;
                var cleaned = removal.IsEmpty ? observed : observed.Patched(Json.Text(removal.ToMergePatch()));
                return !Between(desired, merged).NeedsApply && Between(desired, cleaned).IsNone;
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public void Any_values_become_any_others_at_once_even_if_the_server_merges_null_into_maps()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var json = new RandomJson(new Random(seed));
        for (var run = 0; run < 2_000; run++)
        {
            var before = json.Object();
            var wanted = run % 2 == 0 ? json.Object() : json.Edited(before);
            var (desired, observed) = (Values(wanted.ToJsonString()), Values(before.ToJsonString()));

            var drift = Drift.Between(desired, observed, Untyped);

            var cleaned = drift.Removal.IsEmpty ? observed : observed.Patched(Json.Text(drift.Removal.ToMergePatch()));
            var applied = drift.NeedsApply
                ? new KubeObject(JsonSerializer.SerializeToElement(Merged(JsonObject.Create(cleaned.Json), JsonObject.Create(desired.Json))))
                : cleaned;
            var explanation = $"seed {seed}: {before.ToJsonString()} to {wanted.ToJsonString()} becomes {applied.Json}";
            Assert.That(JsonNode.DeepEquals(JsonObject.Create(applied.At("spec", "values")!.Value), wanted), Is.True, explanation);
            Assert.That(Drift.Between(desired, applied, Untyped).IsNone, Is.True, explanation);
            Assert.That(drift.IsNone, Is.EqualTo(JsonNode.DeepEquals(before, wanted)), explanation);
        }
    }

    // Server-side apply at its most reluctant: nothing is pruned, and null does not replace a map.
    private static JsonNode? Merged(JsonNode? live, JsonNode? applied)
    {
        if (live is not JsonObject there || applied is not (null or JsonObject))
        {
            return applied?.DeepClone();
        }

        var merged = (JsonObject)there.DeepClone();
        foreach (var (name, value) in applied as JsonObject ?? [])
        {
            merged[name] = Merged(there[name], value);
        }

        return merged;
    }

    private static Drift Between(KubeObject desired, KubeObject observed) => Drift.Between(desired, observed, DriftRules.None);

    private static Drift Between(string desired, string observed) => Between(Spec(desired), Spec(observed));

    private static DriftRules Knowing(params string[] changes) => new() { Known = changes.ToHashSet() };

    private static string Deep(int depth, string inner) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + inner + new string('}', depth);

    private static KubeObject Values(string values) => Spec($$"""{ "values": {{values}} }""");

    private static KubeObject Spec(string spec) => new(JsonElement.Parse(
        $$"""{ {{Kind}}, "spec": {{spec}} }""", new JsonDocumentOptions { MaxDepth = int.MaxValue }));

    private static KubeObject Metadata(string metadata) => KubeObject.Parse($$"""{ {{Kind}}, "metadata": {{metadata}} }""");
}
