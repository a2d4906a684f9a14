using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>What writes do, and which are refused how.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox)]
public sealed class WriteTests(ServerUnderTest server) : ApiServerTests(server)
{
    private static readonly ResourceKind Thing = new("example.com", "v1", "Thing", "things");

    private string Maps => $"{Core}/configmaps";

    private string Things => $"{In(Thing.ApiVersion)}/things";

    [SetUp]
    public Task Define() => Cluster.InstallCrdsAsync([ThingDefinition.Of(Thing)]);

    [TestCase("v1", "configmaps", """{"metadata":{"name":"x"}}""", 404)]
    [TestCase("v1", "secrets", """{"metadata":{"name":"x"}}""", 404)]
    [TestCase("v1", "serviceaccounts", """{"metadata":{"name":"x"}}""", 404)]
    [TestCase("v1", "endpoints", """{"metadata":{"name":"x"}}""", 201)]
    [TestCase("apps/v1", "deployments", """{"metadata":{"name":"x"}}""", 404)]
    [TestCase("coordination.k8s.io/v1", "leases", """{"metadata":{"name":"x"}}""", 201)]
    [TestCase("rbac.authorization.k8s.io/v1", "roles", """{"metadata":{"name":"x"}}""", 201)]
    [TestCase("example.com/v1", "things", """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"x"}}""", 404)]
    public async Task Some_kinds_are_made_by_replacing_what_is_not_there(string version, string plural, string body, int code)
    {
        var root = version == "v1" ? Core : In(version);

        var answer = await Raw.PutAsync($"{root}/{plural}/x", body);

        Assert.That(answer.Code, Is.EqualTo(code), answer.Message);
    }

    [TestCase("""{"metadata":{"name":"a"},"data":{"k":1}}""", 400, "BadRequest")]
    [TestCase("""{"metadata":{"name":"a","labels":{"l":1}}}""", 400, "BadRequest")]
    [TestCase("""{"metadata":{"name":"a"},"data":["k"]}""", 400, "BadRequest")]
    [TestCase("""{"metadata":{"name":"a"},"binaryData":{"k":"not base64"}}""", 400, "BadRequest")]
    [TestCase("""{"metadata":{"name":"a","namespace":"elsewhere"}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}""", 400, "BadRequest")]
    [TestCase("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""", 400, "BadRequest")]
    [TestCase("""not JSON""", 400, "BadRequest")]
    [TestCase("""{"metadata":{}}""", 422, "Invalid")]
    [TestCase("""{"metadata":{"name":"A"}}""", 422, "Invalid")]
    [TestCase("""{"metadata":{"name":"a","labels":{"l":"not a label!"}}}""", 422, "Invalid")]
    [TestCase("""{"metadata":{"name":"a","annotations":{"not a key":"v"}}}""", 422, "Invalid")]
    [TestCase("""{"metadata":{"name":"a"},"data":{"not a key":"v"}}""", 422, "Invalid")]
    [TestCase("""{"metadata":{"name":"a"},"nothing":{"like":"that"}}""", 201, "")]
    public async Task A_ConfigMap_is_refused_or_made(string body, int code, string reason)
    {
        var answer = await Raw.PostAsync(Maps, body);

        Assert.That(answer.Refusal, Is.EqualTo((code, reason)), answer.Message);
        Assert.That(answer.Body.At("nothing"), Is.Null);
    }

    [TestCase("""{"size":"big"}""", 422, "spec.size")]
    [TestCase("""{"size":1.5}""", 422, "spec.size")]
    [TestCase("1", 422, "spec")]
    public async Task What_a_schema_refuses_is_told_with_its_path(string spec, int code, string field)
    {
        var answer = await Raw.PostAsync(
            Things, $$"""{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{{spec}} }""");

        Assert.That(answer.Code, Is.EqualTo(code), answer.Message);
        Assert.That(answer.Message, Does.Contain($"{field} in body must be of type").And.Contain($"{field}: Invalid value"));
        Assert.That(answer.Fields, Is.EqualTo([field]));
    }

    [TestCase("""{"nope":1}""", ".spec.nope: field not declared in schema")]
    [TestCase("""{"size":"big"}""", ".spec.size: expected ")]
    public async Task What_nobody_could_own_is_not_applied(string spec, string problem)
    {
        var answer = await Raw.PatchAsync(
            $"{Things}/a?fieldManager=test",
            $$"""{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{{spec}} }""",
            RawApi.Apply);

        Assert.That(answer.Refusal, Is.EqualTo((500, "")));
        Assert.That(answer.Message, Does.Contain(problem));
    }

    [Test]
    public async Task Applying_takes_a_manager_and_no_managed_fields()
    {
        var nameless = await Raw.PatchAsync($"{Maps}/a?fieldManager=test", """{"apiVersion":"v1","kind":"ConfigMap"}""", RawApi.Apply);
        var nobody = await Raw.PatchAsync($"{Maps}/a", """{"apiVersion":"v1","kind":"ConfigMap"}""", RawApi.Apply);
        var managed = await Raw.PatchAsync(
            $"{Maps}/a?fieldManager=test",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[{"manager":"x"}]}}""",
            RawApi.Apply);

        Assert.That(nameless.Refusal, Is.EqualTo((400, "BadRequest")));
        Assert.That(nobody.Code, Is.EqualTo(422));
        Assert.That(nobody.Message, Does.Contain("fieldManager: Required value"));
        Assert.That((managed.Code, managed.Message), Is.EqualTo((400, "metadata.managedFields must be nil")));
    }

    [Test]
    public async Task A_dry_run_says_what_would_be_and_changes_nothing()
    {
        var made = await Raw.PostAsync($"{Maps}?dryRun=All", """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        var missing = await Raw.GetAsync($"{Maps}/a");
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        var patched = await Raw.PatchAsync($"{Maps}/a?dryRun=All", """{"data":{"k":"w"}}""", RawApi.Merge);
        var wrong = await Raw.PatchAsync($"{Maps}/a?dryRun=All", """{"data":{"not a key":"w"}}""", RawApi.Merge);
        var deleted = await Raw.DeleteAsync($"{Maps}/a?dryRun=All");
        var unknown = await Raw.PatchAsync($"{Maps}/a?dryRun=Some", """{"data":{"k":"w"}}""", RawApi.Merge);

        Assert.That((made.Code, made.Body.Text("metadata", "uid") is not null, missing.Code), Is.EqualTo((201, true, 404)));
        Assert.That((patched.Body.Text("data", "k"), wrong.Code, deleted.Code, unknown.Code), Is.EqualTo(("w", 422, 200, 422)));
        Assert.That((await Raw.GetAsync($"{Maps}/a")).Body.Text("data", "k"), Is.EqualTo("v"));
    }

    [Test]
    public async Task A_dry_run_in_the_body_of_a_deletion_counts_too()
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""");

        var answer = await Raw.DeleteAsync($"{Maps}/a", """{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}""");

        Assert.That((answer.Code, (await Raw.GetAsync($"{Maps}/a")).Code), Is.EqualTo((200, 200)));
    }

    [Test]
    public async Task A_name_is_made_from_a_prefix()
    {
        var made = await Raw.PostAsync(Maps, """{"metadata":{"generateName":"a-"}}""");

        Assert.That(made.Body.Text("metadata", "name"), Does.Match("^a-[a-z0-9]{5}$"));
    }

    [Test]
    public async Task An_object_of_an_old_version_is_not_replaced()
    {
        var old = (await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""")).Body;
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);

        var stale = await Raw.PutAsync($"{Maps}/a", old.GetRawText());
        var another = await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"uid":"00000000-0000-0000-0000-000000000000"}}""", RawApi.Merge);
        var replaced = await Raw.PutAsync($"{Maps}/a", """{"metadata":{"name":"a","uid":"00000000-0000-0000-0000-000000000000"}}""");
        var unconditional = await Raw.PutAsync($"{Maps}/a", """{"metadata":{"name":"a"}}""");

        Assert.That(stale.Refusal, Is.EqualTo((409, "Conflict")));
        Assert.That(stale.Message, Does.Contain("the object has been modified"));
        Assert.That(another.Refusal, Is.EqualTo((422, "Invalid")));
        Assert.That(another.Fields, Has.Member("metadata.uid"));
        Assert.That(replaced.Refusal, Is.EqualTo((409, "Conflict")));
        Assert.That((unconditional.Code, unconditional.Body.At("data")), Is.EqualTo((200, (System.Text.Json.JsonElement?)null)));
    }

    [TestCase("""{"uid":"00000000-0000-0000-0000-000000000000"}""")]
    [TestCase("""{"resourceVersion":"1"}""")]
    public async Task A_deletion_can_be_bound_to_what_was_seen(string preconditions)
    {
        var made = (await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""")).Body;

        var refused = await Raw.DeleteAsync($"{Maps}/a", $$"""{"preconditions":{{preconditions}} }""");
        var deleted = await Raw.DeleteAsync(
            $"{Maps}/a",
            $$"""{"preconditions":{"uid":"{{made.Text("metadata", "uid")}}","resourceVersion":"{{made.Text("metadata", "resourceVersion")}}"} }""");

        Assert.That(refused.Refusal, Is.EqualTo((409, "Conflict")));
        Assert.That(refused.Message, Does.Match(@"on ConfigMap ""a"": the \w+ in the precondition \(.*\) does not match the \w+ in record"));
        Assert.That((deleted.Code, deleted.Body.Text("status")), Is.EqualTo((200, "Success")));
    }

    [Test]
    public async Task Finalizers_keep_an_object_until_the_last_is_gone()
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a","finalizers":["example.com/one","example.com/two"]}}""");

        var deleted = await Raw.DeleteAsync($"{Maps}/a");
        var again = await Raw.DeleteAsync($"{Maps}/a");
        var more = await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"finalizers":["example.com/one","example.com/new"]}}""", RawApi.Merge);
        var fewer = await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"finalizers":["example.com/two"]}}""", RawApi.Merge);
        var none = await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"finalizers":null}}""", RawApi.Merge);

        Assert.That(deleted.Body.Text("metadata", "deletionTimestamp"), Is.Not.Null);
        Assert.That(
            (again.Code, again.Body.Text("metadata", "deletionTimestamp")),
            Is.EqualTo((200, deleted.Body.Text("metadata", "deletionTimestamp"))));
        Assert.That(more.Refusal, Is.EqualTo((422, "Invalid")));
        Assert.That(more.Message, Does.Contain("no new finalizers can be added if the object is being deleted"));
        Assert.That((fewer.Code, none.Code, (await Raw.GetAsync($"{Maps}/a")).Code), Is.EqualTo((200, 200, 404)));
    }

    [Test]
    public async Task Deleting_what_has_finalizers_counts_as_a_generation()
    {
        await Raw.PostAsync(
            Things, """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a","finalizers":["example.com/a"]},"spec":{"size":1}}""");

        var deleted = await Raw.DeleteAsync($"{Things}/a");

        Assert.That(deleted.Body.Number("metadata", "generation"), Is.EqualTo(2));
        await Raw.PatchAsync($"{Things}/a", """{"metadata":{"finalizers":null}}""", RawApi.Merge);
    }

    [TestCase(null, 1)]
    [TestCase("Orphan", 2)]
    [TestCase("Foreground", 2)]
    public async Task A_policy_puts_a_finalizer_before_the_deletion(string? policy, int finalizers)
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a","finalizers":["example.com/a"]}}""");

        var deleted = await Raw.DeleteAsync($"{Maps}/a", policy is null ? null : $$"""{"propagationPolicy":"{{policy}}"}""");

        Assert.That(deleted.Body.Items("metadata", "finalizers").Count(), Is.EqualTo(finalizers));
        await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"finalizers":null}}""", RawApi.Merge);
    }

    [Test]
    public async Task An_unknown_policy_is_refused()
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""");

        var answer = await Raw.DeleteAsync($"{Maps}/a", """{"propagationPolicy":"Sometimes"}""");

        Assert.That(answer.Refusal, Is.EqualTo((422, "Invalid")), answer.Message);
    }

    [Test]
    public async Task A_selection_is_deleted_at_once()
    {
        foreach (var (name, label) in new[] { ("a", "x"), ("b", "x"), ("c", "y") })
        {
            await Raw.PostAsync(Maps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"l":"{{{label}}}"} } }""");
        }

        var deleted = await Raw.DeleteAsync($"{Maps}?labelSelector=l%3Dx");
        var left = await Raw.GetAsync(Maps);

        Assert.That(deleted.Code, Is.EqualTo(200));
        Assert.That(
            left.Body.Items("items").Select(item => item.Text("metadata", "name")).Where(name => name != "kube-root-ca.crt"), Is.EqualTo(["c"]));
    }

    [Test]
    public async Task The_status_is_written_apart_from_the_rest()
    {
        await Raw.PostAsync(
            Things, """{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"size":1},"status":{"ok":true}}""");
        var made = (await Raw.GetAsync($"{Things}/a")).Body;

        var reported = await Raw.PatchAsync(
            $"{Things}/a/status", """{"metadata":{"labels":{"l":"v"}},"spec":{"size":2},"status":{"ok":true}}""", RawApi.Merge);
        var changed = await Raw.PatchAsync($"{Things}/a", """{"spec":{"size":2},"status":{"ok":false}}""", RawApi.Merge);

        Assert.That(made.At("status"), Is.Null, "an object is made without its status");
        Assert.That(
            (reported.Body.Number("spec", "size"), reported.Body.Number("metadata", "generation"), reported.Body.At("metadata", "labels")),
            Is.EqualTo(((long?)1, (long?)1, (System.Text.Json.JsonElement?)null)));
        Assert.That(
            (changed.Body.Number("metadata", "generation"), changed.Body.At("status", "ok")?.GetBoolean()), Is.EqualTo(((long?)2, (bool?)true)));
    }

    [TestCase("""[{"op":"replace","path":"/data/k","value":"w"}]""", 200)]
    [TestCase("""[{"op":"test","path":"/data/k","value":"v"},{"op":"remove","path":"/data/k"}]""", 200)]
    [TestCase("""[{"op":"test","path":"/data/k","value":"other"}]""", 422)]
    [TestCase("""[{"op":"remove","path":"/data/missing"}]""", 422)]
    [TestCase("""[{"op":"replace","path":"/metadata/name","value":"b"}]""", 400)]
    [TestCase("""{"op":"remove"}""", 400)]
    public async Task JSON_patches_are_carried_out_or_refused(string patch, int code)
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a"},"data":{"k":"v"}}""");

        var answer = await Raw.PatchAsync($"{Maps}/a", patch, RawApi.JsonPatch);

        Assert.That(answer.Code, Is.EqualTo(code), answer.Message);
    }

    [Test]
    public async Task A_new_object_has_no_version_yet()
    {
        var answer = await Raw.PostAsync(Maps, """{"metadata":{"name":"a","resourceVersion":"7"}}""");

        Assert.That((answer.Code, answer.Message), Is.EqualTo((500, "resourceVersion should not be set on objects to be created")));
    }

    [Test]
    public async Task What_is_there_is_not_made_again()
    {
        await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""");

        var answer = await Raw.PostAsync(Maps, """{"metadata":{"name":"a"}}""");

        Assert.That(answer.Refusal, Is.EqualTo((409, "AlreadyExists")));
        Assert.That(answer.Message, Is.EqualTo("configmaps \"a\" already exists"));
    }

    [Test]
    public async Task Who_wrote_what_is_kept()
    {
        const string Mine = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}""";
        const string Taken = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v","more":"w"}}""";
        await Raw.PatchAsync($"{Maps}/a?fieldManager=applier", Mine, RawApi.Apply);
        var patched = await Raw.PatchAsync($"{Maps}/a?fieldManager=patcher", """{"data":{"more":"v"}}""", RawApi.Merge);
        var applied = await Raw.PatchAsync($"{Maps}/a?fieldManager=applier", Taken, RawApi.Apply);
        var forced = await Raw.PatchAsync($"{Maps}/a?fieldManager=applier&force=true", Taken, RawApi.Apply);

        Assert.That(Managers(patched), Is.EquivalentTo(["applier Apply", "patcher Update"]));
        Assert.That(applied.Refusal, Is.EqualTo((409, "Conflict")));
        Assert.That(applied.Fields, Is.EqualTo([".data.more"]));
        Assert.That((forced.Code, Managers(forced).Single()), Is.EqualTo((200, "applier Apply")));
    }

    private static IEnumerable<string> Managers(RawAnswer answer) =>
        answer.Body.Items("metadata", "managedFields").Select(entry => $"{entry.Text("manager")} {entry.Text("operation")}");
}
