using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>Patches as kubectl sends them for built-in kinds.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox)]
public sealed class StrategicMergePatchTests(ServerUnderTest server) : ApiServerTests(server)
{
    private const string A = """{"name":"A","value":"1"}""";
    private const string B = """{"name":"B","value":"2"}""";

    [SetUp]
    public async Task Deploy() => Assert.That((await Raw.PostAsync($"{In("apps/v1")}/deployments", Workloads.Deployment)).Code, Is.EqualTo(201));

    [TestCase("""[{"name":"two","image":"new"}]""", "one:one:1 two:new", TestName = "An_item_is_found_by_its_key")]
    [TestCase("""[{"name":"three","image":"three"}]""", "three:three one:one:1 two:two", TestName = "An_item_of_a_new_key_is_added_in_front")]
    [TestCase("""[{"name":"one","$patch":"delete"}]""", "two:two", TestName = "An_item_is_deleted_by_its_key")]
    [TestCase("""[{"$patch":"replace"},{"name":"new","image":"new"}]""", "new:new", TestName = "A_list_is_replaced_on_demand")]
    public async Task Lists_are_merged_by_keys(string containers, string expected)
    {
        var patched = await PatchAsync($$$"""{"spec":{"template":{"spec":{"containers":{{{containers}}} } } } }""");

        Assert.That(
            string.Join(' ', Containers(patched).Select(container => $"{container.Text("name")}:{container.Text("image")}")), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_order_is_set_and_what_is_not_in_it_stays_where_it_was()
    {
        var patched = await PatchAsync("""
            {"spec":{"template":{"spec":{
              "$setElementOrder/containers":[{"name":"three"},{"name":"two"}],
              "containers":[{"name":"three","image":"three"}]}}}}
            """);

        Assert.That(Containers(patched).Select(container => container.Text("name")), Is.EquivalentTo(["one", "two", "three"]));
        Assert.That(
            Containers(patched).Select(container => container.Text("name")).Where(name => name != "one"), Is.EqualTo(["three", "two"]));
    }

    [TestCase("""[{"name":"B","value":null}]""", A + """ {"name":"B"}""")]
    [TestCase("""[{"name":"A","$patch":"delete"}]""", B)]
    [TestCase("""[{"name":"A","value":"9"}]""", """{"name":"A","value":"9"} """ + B)]
    public async Task Lists_in_items_are_merged_too(string env, string expected)
    {
        var patched = await PatchAsync($$$"""{"spec":{"template":{"spec":{"containers":[{"name":"one","env":{{{env}}} }] } } } }""");

        Assert.That(
            string.Join(' ', Containers(patched).First().Items("env").Select(item => JsonSerializer.Serialize(item))), Is.EqualTo(expected));
    }

    [Test]
    public async Task Lists_without_keys_are_replaced()
    {
        var patched = await PatchAsync("""{"spec":{"template":{"spec":{"containers":[{"name":"one","args":["y","z"]}]}}}}""");

        Assert.That(Containers(patched).First().Items("args").Select(item => item.GetString()), Is.EqualTo(["y", "z"]));
    }

    [TestCase("""{"$deleteFromPrimitiveList/finalizers":["example.com/a"]}""", "example.com/b")]
    [TestCase("""{"finalizers":["example.com/c"]}""", "example.com/c example.com/a example.com/b")]
    public async Task Values_are_added_to_lists_and_taken_out(string metadata, string expected)
    {
        var patched = await PatchAsync($$$"""{"metadata":{{{metadata}}} }""");

        Assert.That(string.Join(' ', patched.Items("metadata", "finalizers").Select(item => item.GetString())), Is.EqualTo(expected));
    }

    [Test]
    public async Task Only_the_keys_that_are_to_be_retained_are()
    {
        var patched = await PatchAsync("""{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""");

        Assert.That(patched.At("spec", "strategy")?.GetRawText(), Is.EqualTo("""{"type":"Recreate"}"""));
    }

    [Test]
    public async Task A_map_is_replaced_on_demand()
    {
        await PatchAsync("""{"metadata":{"labels":{"a":"1"}}}""");

        var patched = await PatchAsync("""{"metadata":{"labels":{"$patch":"replace","b":"2"}}}""");

        Assert.That(patched.TextMap("metadata", "labels"), Is.EqualTo(new Dictionary<string, string> { ["b"] = "2" }));
    }

    [Test]
    public async Task Custom_kinds_do_not_know_this_form()
    {
        await Cluster.InstallCrdsAsync("clusterrequests");

        var answer = await Raw.PatchAsync($"{In("clusters.openmcp.cloud/v1alpha1")}/clusterrequests/a", "{}", RawApi.Strategic);

        Assert.That(answer.Refusal, Is.EqualTo((415, "UnsupportedMediaType")));
    }

    private static IEnumerable<JsonElement> Containers(JsonElement deployment) =>
        deployment.Items("spec", "template", "spec", "containers");

    private async Task<JsonElement> PatchAsync(string patch)
    {
        var answer = await Raw.PatchAsync($"{In("apps/v1")}/deployments/d", patch, RawApi.Strategic);
        Assert.That(answer.Code, Is.EqualTo(200), answer.Message);
        return answer.Body;
    }
}
