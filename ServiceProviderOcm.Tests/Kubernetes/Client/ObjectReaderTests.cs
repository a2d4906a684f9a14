using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class ObjectReaderTests
{
    private static readonly ResourceKind Kind = new("example.com", "v1", "Release", "releases");

    private readonly ObjectReader _everything = Reader(Projection.Everything);

    [Test]
    public void Kind_and_apiVersion_are_those_of_the_request()
    {
        foreach (var given in (string[])["", "\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\","])
        {
            var read = Read(_everything, $"{{{given}\"metadata\":{{\"name\":\"a\"}} }}");

            Assert.That(read.Json.GetRawText(), Is.EqualTo("""{"apiVersion":"example.com/v1","kind":"Release","metadata":{"name":"a"}}"""));
        }
    }

    [TestCase("""{ "metadata": { "name": "a" }, "spec": { "x": [ 1.50, -2e7, true, false, null, { }, [ ] ], "é\n\"" : "ü\u00fc\ud83d\ude00" } }""")]
    [TestCase("""{"spec":null,"metadata":{"name":"a","labels":{"x":"y"}},"a":[[[[]]],{"b":{"c":[{}]}}]}""")]
    public void Everything_else_keeps_its_form(string json)
    {
        var read = Read(_everything, json);

        foreach (var field in JsonReading.Parse(json).EnumerateObject())
        {
            Assert.That(JsonElement.DeepEquals(read.Json.GetProperty(field.Name), field.Value), field.Name);
        }

        Assert.That(read.Json.GetRawText(), Does.Not.Contain(" ").And.Not.Contain("1.5,"));
    }

    [Test]
    public void Only_the_fields_of_a_projection_are_kept()
    {
        var reader = Reader(Projection.Of(
            ["spec", "version"], ["status", "conditions", "type"], ["metadata", "labels", "own/*"], ["metadata", "annotations", "whole"])
            .WithText(["metadata", "annotations", "short"], 3));

        var read = Read(reader, """
            {
              "metadata": {
                "name": "a", "namespace": "n", "uid": "u", "resourceVersion": "1", "generation": 2, "deletionTimestamp": "t",
                "creationTimestamp": "no", "selfLink": { "no": [1, { "no": 2 }] }, "finalizers": ["no"],
                "labels": { "own/a": "1", "own/b": "2", "theirs/a": "no" },
                "annotations": { "short": "123", "whole": "12345", "other": "no" }
              },
              "spec": { "version": { "any": ["thing"] }, "other": "no" },
              "status": { "conditions": [{ "type": "Ready", "no": 1 }, 5, [{ "type": "no" }], { "no": {} }], "no": [] },
              "data": "no"
            }
            """);

        const string Expected = """
            {"apiVersion":"example.com/v1","kind":"Release","metadata":{
            "name":"a","namespace":"n","uid":"u","resourceVersion":"1","generation":2,"deletionTimestamp":"t",
            "labels":{"own/a":"1","own/b":"2"},"annotations":{"short":"123","whole":"12345"}},
            "spec":{"version":{"any":["thing"]}},"status":{"conditions":[{"type":"Ready"},5,{}]}}
            """;
        Assert.That(read.Json.GetRawText(), Is.EqualTo(Expected.ReplaceLineEndings("")));
    }

    [Test]
    public void A_text_that_is_too_long_for_its_meaning_is_dropped()
    {
        var reader = Reader(Projection.Of().WithText(["metadata", "annotations", "short"], 3));

        Assert.That(Read(reader, """{"metadata":{"name":"a","annotations":{"short":"1234"}}}""").Annotations, Is.Empty);
        Assert.That(Read(reader, """{"metadata":{"name":"a","annotations":{"sh\u006frt":"123"}}}""").Annotations["short"], Is.EqualTo("123"));
    }

    [TestCase(2_000, true)]
    [TestCase(5_000, true)]
    [TestCase(5_001, false)]
    [TestCase(300_000, false)]
    public void Any_depth_is_skipped_and_what_an_API_server_stores_is_kept(int depth, bool isKept)
    {
        var deep = $"{string.Concat(Enumerable.Repeat("{\"f:a\":[", depth))}{string.Concat(Enumerable.Repeat("]}", depth))}";
        var json = $"{Managed(UpdateOf(deep))[..^1]},\"spec\":{deep}}}";

        Assert.That(Read(Reader(Projection.Of()), json).Name, Is.EqualTo("a"));
        Assert.That(_everything.TryRead(Kind, Encoding.UTF8.GetBytes(json), out var whole, out var unreadable), Is.EqualTo(isKept));
        Assert.That(whole?.Json.GetProperty("spec").GetRawText(), Is.EqualTo(isKept ? deep : null));
        Assert.That(unreadable?.Error, Is.EqualTo(isKept ? null : "the fields that are kept are nested at least 10001 levels, and the limit is 10000 (limit depth)"));
    }

    [Test]
    public void Deep_managed_fields_are_reduced_without_recursion()
    {
        const int Depth = 9_000;
        var deep = $"{string.Concat(Enumerable.Repeat("{\"f:a\":", Depth))}{{}}{new string('}', Depth)}";

        var read = Read(_everything, Managed(UpdateOf(deep)));

        Assert.That(read.Ownership.Foreign.Single(), Has.Count.EqualTo(Depth + 1));
    }

    [Test]
    public void Managed_fields_cannot_be_blown_up()
    {
        var leaves = string.Join(',', Enumerable.Range(0, 2_000).Select(leaf => $"\"f:{leaf}\":{{}}"));
        var deep = $"{string.Concat(Enumerable.Repeat("{\"f:a\":", 1_000))}{{{leaves}}}{new string('}', 1_000)}";

        var error = Unreadable(_everything, Managed(UpdateOf(deep)));

        Assert.That(error.Error, Is.EqualTo("the paths in managedFields have at least 66132 steps, and the limit is 65536 (limit ownership_steps)"));
    }

    [TestCase(200_000, 1)]
    [TestCase(2_000, 100)]
    public void The_names_in_managed_fields_count_as_memory(int length, int fields)
    {
        var names = string.Join(',', Enumerable.Range(0, fields).Select(field => $"\"f:{new string('x', length)}{field}\":{{}}"));

        var read = Read(_everything, Managed(UpdateOf($$"""{"f:a":{"f:b":{ {{names}} } } }""")));

        var text = 2L * length * fields;
        Assert.That(read.Size, Is.InRange(text, text + (300L * fields) + 1_000));
    }

    [TestCase(1, 262_142, "f:", TestName = "{m}(one name)")]
    [TestCase(1_000, 1_000, "f:", TestName = "{m}(together)")]
    [TestCase(1, 262_142, "\\u0066:", TestName = "{m}(an escaped name)")]
    [TestCase(1, 262_142, "\\u006b:", TestName = "{m}(an escaped name of a list element)")]
    public void The_names_in_managed_fields_have_a_limit(int fields, int length, string prefix)
    {
        var names = string.Join(',', Enumerable.Range(0, fields).Select(field => $"\"{prefix}{new string('x', length)}{field}\":{{}}"));

        var error = Unreadable(_everything, Managed(UpdateOf($$"""{ {{names}} }""")));

        Assert.That(error.Error, Does.Match("^the names in managedFields have at least [0-9]+ bytes, and the limit is 262144 \\(limit ownership_bytes\\)$"));
        Assert.That(error.Excess?.MetricName, Is.EqualTo("ownership_bytes"));
    }

    [TestCase("""[{"manager":"us","operation":"Apply","fieldsV1":{"f:spec":{"f:a":{},"f:b":{".":{},"f:c":{}}}}}]""", "spec.a spec.b.c", "", true)]
    [TestCase("""[{"fieldsV1":{"f:type":{},"f:data":{"f:x.y":{}},"f:status":{"f:no":{}}},"operation":"Update","manager":"them"}]""", "", "type data.x.y", false)]
    [TestCase("""[{"manager":"us","operation":"Update","fieldsV1":{"f:spec":{"f:l":{"k:{\"f:no\":1}":{"f:no":{}},"v:1":{}}}}}]""", "", "spec.l", true)]
    [TestCase("""[{"manager":"us","operation":"Apply","subresource":"status","fieldsV1":{"f:spec":{"f:no":{}}}}]""", "", "", false)]
    [TestCase("""[{"manager":"us","operation":"Apply","subresource":"","fieldsV1":{"f:spec":{}}}]""", "spec", "", true)]
    [TestCase("""[5,null,"x",[[]],{},{"fieldsV1":5},{"manager":5,"operation":{},"fieldsV1":{"f:spec":7,"f:data":[1]}}]""", "", "spec data", false)]
    [TestCase("""{"manager":"us"}""", "", "", false)]
    [TestCase("null", "", "", false)]
    public void Managed_fields_are_reduced_to_paths(string managedFields, string applied, string foreign, bool isWritten)
    {
        var ownership = Read(_everything, Managed(managedFields)).Ownership;

        Assert.That(
            (Paths(ownership.Applied), Paths(ownership.Foreign), ownership.IsWrittenByProvider),
            Is.EqualTo((applied, foreign, isWritten)));
    }

    [TestCase("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true)]
    [TestCase("2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z", false)]
    [TestCase("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z", false)]
    [TestCase("2026-01-01T00:00:01Z", "no time", false)]
    public void The_last_write_of_a_field_manager_is_known_by_the_times_of_its_entries(string applied, string updated, bool isUpdate)
    {
        var (apply, update, other) = (Entry("us", "Apply", applied), Entry("us", "Update", updated), Entry("them", "Update", "2026-02-01T00:00:00Z"));

        Assert.That(
            new[] { $"[{apply},{update},{other}]", $"[{other},{update},{apply}]" }.Select(all => Read(_everything, Managed(all)).Ownership.IsUpdatedLast),
            Is.All.EqualTo(isUpdate));

        static string Entry(string manager, string operation, string time) =>
            $"{{\"manager\":\"{manager}\",\"operation\":\"{operation}\",\"time\":\"{time}\",\"fieldsV1\":{{\"f:spec\":{{\"f:a\":{{}}}}}}}}";
    }

    [TestCase("""[{"manager":"us","operation":"Apply","apiVersion":"v1","fieldsV1":{"f:data":{}},"time":"t","subresource":"s"},{"fieldsV1":{"f:spec":{}}}]""",
        """[{"manager":"us","operation":"Apply","time":"t","subresource":"s"},{}]""")]
    [TestCase("[]", "[]")]
    public void Who_has_changed_an_object_and_when_is_kept_without_the_names_of_fields_if_a_client_asks_for_it(string managedFields, string kept)
    {
        var reader = new ObjectReader(new KubernetesApiOptions
        {
            FieldManager = "us",
            KeepsChanges = true,
            Projections = new Dictionary<ResourceKind, Projection> { [Kind] = Projection.Of(["spec"]) },
        });

        var read = Read(reader, Managed(managedFields));

        Assert.That(read.Json.At("metadata", "managedFields")!.Value.GetRawText(), Is.EqualTo(kept));
        Assert.That(Paths(read.Ownership.Applied), Is.EqualTo(Paths(Read(_everything, Managed(managedFields)).Ownership.Applied)));
        Assert.That(Read(_everything, Managed(managedFields)).Json.At("metadata", "managedFields"), Is.Null);
    }

    [Test]
    public void Objects_with_the_same_managed_fields_share_them()
    {
        static string Json(string time) => Managed(
            """[{"manager":"us","operation":"Apply","fieldsV1":{"f:spec":{"f:a":{}}},"time":""" + $"\"{time}\"}}]");

        var one = Read(_everything, Json("1"));
        Assert.That(Read(_everything, Json("2")).Ownership, Is.SameAs(one.Ownership));
    }

    [TestCase("5", "it is not a JSON object")]
    [TestCase("[]", "it is not a JSON object")]
    [TestCase("null", "it is not a JSON object")]
    [TestCase("{}", "it has no name")]
    [TestCase("""{"metadata":{}}""", "it has no name")]
    [TestCase("""{"metadata":null}""", "metadata is not an object")]
    [TestCase("""{"metadata":{"name":5,"namespace":"n"}}""", "it has no name")]
    [TestCase("""{"metadata":{"name":"a","namespace":5}}""", "metadata.namespace has the wrong type")]
    [TestCase("""{"metadata":{"name":"a","labels":{"x":5}}}""", "metadata.labels has the wrong type")]
    [TestCase("""{"metadata":{"name":"a","annotations":[]}}""", "metadata.annotations has the wrong type")]
    [TestCase("""{"metadata":{"name":"a","finalizers":[5]}}""", "metadata.finalizers has the wrong type")]
    [TestCase("""{"metadata":{"name":"a","generation":"1"}}""", "metadata.generation has the wrong type")]
    [TestCase("""{"metadata":{"name":"a","resourceVersion":1}}""", "metadata.resourceVersion has the wrong type")]
    [TestCase("""{"metadata":{"name":"a"},"spec":"\ud800"}""", "a text is not valid Unicode")]
    [TestCase("""{"metadata":{"name":"a"},"spec":{"\udc00":1}}""", "a text is not valid Unicode")]
    public void An_object_that_cannot_be_used_is_unreadable(string json, string error) =>
        Assert.That(Unreadable(_everything, json).Error, Is.EqualTo(error));

    [TestCase("name", 253)]
    [TestCase("namespace", 63)]
    [TestCase("uid", 128)]
    [TestCase("resourceVersion", 128)]
    public void What_is_kept_beside_an_object_is_no_longer_than_an_API_server_allows(string field, int longest)
    {
        Assert.That(Read(_everything, Json(longest)).Json.Text("metadata", field), Has.Length.EqualTo(longest));
        Assert.That(
            Unreadable(_everything, Json(longest + 1)).Error,
            Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"metadata.{field} is longer than {longest} bytes")));

        string Json(int length) => """{"metadata":{"name":"a",""" + $"\"{field}\":\"{new string('1', length)}\"}}}}";
    }

    [Test]
    public void What_is_known_of_an_unreadable_object_is_reported()
    {
        var unreadable = Unreadable(
            Reader(Projection.Of(["spec"]).WithLimit(["spec"], new FieldLimit("SpecBytes", "spec", 200, "--some-max-"))),
            $$"""{"spec":"{{new string('x', 300)}}","metadata":{"uid":"u","name":"a","labels":{"name":"b"},"namespace":"n","resourceVersion":"7"} }""");

        Assert.That(unreadable with { Excess = null }, Is.EqualTo(new UnreadableObject(
            new ObjectKey("n", "a"), "u", "7", "spec takes at least 313 bytes of memory, and the limit is 200 (--some-max-spec-bytes)")));
        Assert.That(unreadable.Excess?.MetricName, Is.EqualTo("spec_bytes"));
    }

    [TestCase("""{"observedGeneration":4,"conditions":[1,["Ready"],{"type":"Other","x":"Ready"},{"type":"Ready","reason":"R"}],"x":[1]}""", 4, "R")]
    [TestCase("""{"conditions":{"type":"Ready","reason":"R"},"observedGeneration":"4"}""", 0, null)]
    [TestCase("[4]", 0, null)]
    public void The_status_of_an_unreadable_object_is_known(string status, int observedGeneration, string? reason)
    {
        var unreadable = Unreadable(
            _everything, """{"status":""" + status + ""","metadata":{"labels":5,"deletionTimestamp":"2026-01-01T00:00:00Z","name":"a"}}""");

        Assert.That(
            (unreadable.ObservedGeneration, unreadable.ReadyCondition.Text("reason"), unreadable.IsBeingDeleted, unreadable.Key.Name),
            Is.EqualTo(((long)observedGeneration, reason, true, "a")));
    }

    [Test]
    public void A_condition_that_is_too_long_is_not_kept_of_an_unreadable_object()
    {
        var condition = """{"type":"Ready","reason":""" + $"\"{new string('x', UnreadableObject.LongestCondition)}\"}}";

        Assert.That(
            Unreadable(_everything, """{"metadata":{"labels":5,"name":"a"},"status":{"conditions":[""" + condition + "]}}").ReadyCondition.ValueKind,
            Is.EqualTo(JsonValueKind.Undefined));
    }

    [Test]
    public void Nothing_is_left_of_a_kind_that_a_server_has_named()
    {
        var kind = ReadOfNewKind();

        GC.Collect();

        Assert.That(kind.IsAlive, Is.False);
        GC.KeepAlive(_everything);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ReadOfNewKind()
    {
        var kind = new ResourceKind("example.com", "v1", "New", "news");
        _everything.TryRead(kind, """{"metadata":{"name":"a"}}"""u8, out _, out _);
        return new WeakReference(kind);
    }

    [Test]
    public void Bytes_that_are_no_text_are_unreadable()
    {
        var json = Encoding.UTF8.GetBytes("""{"metadata":{"name":"a"},"spec":"?"}""");
        json[^3] = 0xff;

        Assert.That(_everything.TryRead(Kind, json, out _, out var unreadable), Is.False);
        Assert.That(unreadable, Is.EqualTo(new UnreadableObject(new ObjectKey("", "a"), "", "", "it is not valid UTF-8")));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("""{"metadata":{"name":"a"}""")]
    [TestCase("""{"metadata":{"name":"a"}} x""")]
    public void What_is_not_JSON_is_an_error(string json) => Assert.That(
        () => _everything.Read(Kind, Encoding.UTF8.GetBytes(json)),
        Throws.InstanceOf<JsonException>().And.Not.InstanceOf<UnreadableObjectException>());

    [Test]
    public void A_shared_part_is_kept_once_and_beside_the_object()
    {
        var reader = new ObjectReader(new KubernetesApiOptions
        {
            FieldManager = "us",
            SharedParts = [new SharedParts(Kind, "spec", "values")],
        });
        var one = Read(reader, """{"metadata":{"name":"a"},"spec":{"x":1,"values":{"a":[1.0]},"y":2}}""");

        Assert.That(Read(reader, """{"metadata":{"name":"b"},"spec":{"values":{ "a": [ 1.0 ] } } }""").Shared, Is.SameAs(one.Shared));
        Assert.That(one.OwnJson.GetProperty("spec").GetRawText(), Is.EqualTo("""{"x":1,"y":2}"""));
        Assert.That(one.Json.GetProperty("spec").GetRawText(), Is.EqualTo("""{"x":1,"y":2,"values":{"a":[1.0]}}"""));
        foreach (var without in (string[])["[1]", "5", "null"])
        {
            var read = Read(reader, """{"metadata":{"name":"a"},"spec":{"values":""" + without + "}}");
            Assert.That((read.Shared, read.Json.GetProperty("spec").GetRawText()), Is.EqualTo((SharedPart.None, $"{{\"values\":{without}}}")));
        }
    }

    [Test]
    public void Random_objects_keep_what_they_have([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var spec = RandomJson.Value(random, depth: 8);
            var json = """{"metadata":{"name":"a"},"spec":""" + $"{spec},\"status\":{RandomJson.Value(random, 3)}}}";

            Assert.That(
                JsonElement.DeepEquals(Read(_everything, json).Json.GetProperty("spec"), JsonReading.Parse(spec)),
                string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {json}"));
            Assert.That(
                Read(Reader(Projection.Of(["spec"])), json).Json.GetProperty("spec").GetRawText(),
                Is.EqualTo(Read(_everything, json).Json.GetProperty("spec").GetRawText()));
        }
    }

    private static ObjectReader Reader(Projection projection) => new(new KubernetesApiOptions
    {
        FieldManager = "us",
        Projections = new Dictionary<ResourceKind, Projection> { [Kind] = projection },
    });

    private static string Managed(string managedFields) => """{"metadata":{"name":"a","managedFields":""" + managedFields + "}}";

    private static string UpdateOf(string fields) =>
        """[{"manager":"m","operation":"Update","fieldsV1":{"f:spec":""" + fields + "}}]";

    private static string Paths(IEnumerable<IReadOnlyList<string>> paths) =>
        string.Join(' ', paths.Select(path => string.Join('.', path)));

    private static KubeObject Read(ObjectReader reader, string json) =>
        reader.TryRead(Kind, Encoding.UTF8.GetBytes(json), out var read, out var unreadable)
            ? read
            : throw new InvalidOperationException(unreadable.Error);

    private static UnreadableObject Unreadable(ObjectReader reader, string json)
    {
        Assert.That(reader.TryRead(Kind, Encoding.UTF8.GetBytes(json), out _, out var unreadable), Is.False);
        return unreadable!;
    }
}
