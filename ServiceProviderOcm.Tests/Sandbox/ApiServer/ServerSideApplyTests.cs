using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Ownership;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

public sealed class ServerSideApplyTests
{
    private const string Time = "2026-01-01T00:00:00Z";

    private static readonly StructuralSchema Schema = StructuralSchema.Parse(JsonReading.Parse("""
        {
          "type": "object",
          "properties": {
            "spec": {
              "type": "object",
              "properties": {
                "text": { "type": "string" },
                "other": { "type": "string" },
                "atomic": { "type": "array", "items": { "type": "string" } },
                "set": { "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "set" },
                "whole": { "type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": { "type": "string" } },
                "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                "items": {
                  "type": "array",
                  "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": ["name"],
                  "items": { "type": "object", "properties": { "name": { "type": "string" }, "value": { "type": "string" } } }
                }
              }
            }
          }
        }
        """)).OfObject();

    [TestCase("""{"text":"a"}""", """{"text":"b"}""", """{"text":"b"}""", TestName = "A value changes")]
    [TestCase("""{"text":"a","other":"b"}""", """{"text":"a"}""", """{"text":"a"}""", TestName = "A field that is no longer applied goes")]
    [TestCase("""{"atomic":["a","b"]}""", """{"atomic":["c"]}""", """{"atomic":["c"]}""", TestName = "An atomic list is replaced")]
    [TestCase("""{"set":["a","b"]}""", """{"set":["c","b"]}""", """{"set":["c","b"]}""", TestName = "A set loses what is no longer applied")]
    [TestCase("""{"whole":{"a":"1"}}""", """{"whole":{"b":"2"}}""", """{"whole":{"b":"2"}}""", TestName = "An atomic map is replaced")]
    [TestCase("""{"free":{"a":{"b":1},"c":2}}""", """{"free":{"c":2}}""", """{"free":{"c":2}}""", TestName = "So do fields without a schema")]
    [TestCase(
        """{"items":[{"name":"a","value":"1"},{"name":"b"}]}""",
        """{"items":[{"name":"b","value":"2"}]}""",
        """{"items":[{"name":"b","value":"2"}]}""",
        TestName = "Items go by their keys")]
    public void An_apply_replaces_the_fields_that_its_manager_applied_before(string first, string second, string expected)
    {
        var live = Apply(null, "a", first);

        var result = Apply(live, "a", second);

        Assert.That(result["spec"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse(expected)!.ToJsonString()));
    }

    [TestCase("""{"text":"a"}""", """{"other":"b"}""", """{"text":"a","other":"b"}""", TestName = "Fields of two managers are both kept")]
    [TestCase("""{"set":["a","b"]}""", """{"set":["b","c"]}""", """{"set":["a","b","c"]}""", TestName = "Sets are united")]
    [TestCase(
        """{"items":[{"name":"a","value":"1"}]}""",
        """{"items":[{"name":"b","value":"2"}]}""",
        """{"items":[{"name":"a","value":"1"},{"name":"b","value":"2"}]}""",
        TestName = "Items are put together")]
    public void An_apply_preserves_the_fields_of_other_managers(string theirs, string mine, string expected)
    {
        var result = Apply(Apply(null, "theirs", theirs), "mine", mine);

        Assert.That(result["spec"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse(expected)!.ToJsonString()));
        Assert.That(
            Apply(result, "mine", "{}")["spec"]!.ToJsonString(),
            Is.EqualTo(JsonNode.Parse(theirs)!.ToJsonString()),
            "the fields of the other manager stay");
    }

    [Test]
    public void A_field_of_two_managers_is_removed_when_neither_applies_it()
    {
        var live = Apply(Apply(null, "a", """{"text":"x"}"""), "b", """{"text":"x"}""");

        var one = Apply(live, "a", "{}");
        var none = Apply(one, "b", "{}");

        Assert.That((one.Text("spec", "text"), none.At("spec", "text")), Is.EqualTo(("x", (JsonNode?)null)));
    }

    [Test]
    public void A_conflict_has_its_field_as_cause()
    {
        var live = Apply(null, "theirs", """{"items":[{"name":"a","value":"1"}]}""");

        var error = Assert.Throws<StatusException>(() => Apply(live, "mine", """{"items":[{"name":"a","value":"2"}]}"""));

        Assert.That((error!.Code, error.Reason), Is.EqualTo((409, "Conflict")));
        Assert.That(error.Message, Is.EqualTo("Apply failed with 1 conflict: conflict with \"theirs\": .spec.items[name=\"a\"].value"));
        var cause = error.ToJson().Objects("details", "causes").Single();
        Assert.That(
            (cause.Text("reason"), cause.Text("field")), Is.EqualTo(("FieldManagerConflict", ".spec.items[name=\"a\"].value")));
    }

    [Test]
    public void Several_conflicts_are_listed_by_manager()
    {
        var live = Updated(Apply(null, "theirs", """{"text":"a"}"""), "editor", """{"text":"a","other":"b"}""");

        var error = Assert.Throws<StatusException>(() => Apply(live, "mine", """{"text":"x","other":"y"}"""));

        Assert.That(error!.Message, Is.EqualTo(
            "Apply failed with 2 conflicts: conflicts with \"theirs\":\n- .spec.text\nconflicts with \"editor\" using example.com/v1:\n- .spec.other"));
    }

    [Test]
    public void Force_takes_over_a_field()
    {
        var live = Apply(null, "theirs", """{"text":"a","other":"b"}""");

        var result = Apply(live, "mine", """{"text":"x"}""", force: true);

        Assert.That(result["spec"]!.ToJsonString(), Is.EqualTo("""{"text":"x","other":"b"}"""));
        Assert.That(Owned(result), Is.EqualTo("mine:Apply .spec.text; theirs:Apply .spec.other"));
    }

    [Test]
    public void A_field_that_two_managers_apply_with_the_same_value_is_owned_by_both()
    {
        var result = Apply(Apply(null, "theirs", """{"text":"a"}"""), "mine", """{"text":"a"}""");

        Assert.That(Owned(result), Is.EqualTo("mine:Apply .spec.text; theirs:Apply .spec.text"));
    }

    [Test]
    public void Applying_a_manifest_again_does_not_change_the_object()
    {
        var live = Apply(null, "a", """{"text":"x","set":["a"]}""");

        Assert.That(Apply(live, "a", """{"text":"x","set":["a"]}""").ToJsonString(), Is.EqualTo(live.ToJsonString()));
    }

    [Test]
    public void An_update_owns_the_fields_that_it_changes_and_removes_ownership_of_the_fields_that_it_removes()
    {
        var live = Apply(null, "a", """{"text":"x","other":"y"}""");

        var result = Updated(live, "editor", """{"text":"z"}""");

        Assert.That(Owned(result), Is.EqualTo("editor:Update .spec.text"));
    }

    [Test]
    public void Fields_of_an_object_without_managers_belong_to_before_first_apply()
    {
        var made = Manifest("""{"text":"x","other":"y"}""");

        var result = Apply(made, "mine", """{"text":"x"}""");

        Assert.That(Owned(result), Is.EqualTo("mine:Apply .spec.text; before-first-apply:Update .spec.other .spec.text"));
    }

    [Test]
    public void Each_label_has_an_owner_and_the_name_has_none()
    {
        var manifest = Manifest("{}");
        manifest["metadata"]!["labels"] = new JsonObject { ["l"] = "v" };

        var result = ServerSideApply.Apply(Schema, null, manifest, Owner("a", "Apply"), false, Time);

        Assert.That(
            result["metadata"]!["managedFields"]![0]!["fieldsV1"]!.ToJsonString(),
            Is.EqualTo("""{"f:metadata":{"f:labels":{"f:l":{}}},"f:spec":{}}"""));
    }

    private static JsonObject Apply(JsonObject? live, string manager, string spec, bool force = false) =>
        ServerSideApply.Apply(Schema, live, Manifest(spec), Owner(manager, "Apply"), force, Time);

    private static JsonObject Updated(JsonObject live, string manager, string spec)
    {
        var now = live.Copy();
        now["spec"] = JsonNode.Parse(spec);
        ManagedFields.Write(now, ManagedFields.AfterUpdate(Schema, live, now, Owner(manager, "Update"), Time));
        return now;
    }

    private static FieldOwner Owner(string manager, string operation) => new(manager, operation, "example.com/v1", "");

    private static JsonObject Manifest(string spec) => new()
    {
        ["apiVersion"] = "example.com/v1",
        ["kind"] = "Thing",
        ["metadata"] = new JsonObject { ["name"] = "a" },
        ["spec"] = JsonNode.Parse(spec),
    };

    private static string Owned(JsonObject subject) => string.Join("; ", ManagedFields.Read(subject).Select(entry =>
        $"{entry.Owner.Manager}:{entry.Owner.Operation} {string.Join(' ', entry.Fields.Paths())}"));
}
