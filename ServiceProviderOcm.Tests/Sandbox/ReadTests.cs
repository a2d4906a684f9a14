using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>Lists and watches, and how they are narrowed.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox)]
public sealed class ReadTests(ServerUnderTest server) : ApiServerTests(server)
{
    private static readonly ResourceKind Thing = new("changing.example.com", "v1", "Thing", "things");

    // Others than the server makes in each namespace.
    private const string Ours = "labelSelector=ours";

    private string Maps => $"{Core}/configmaps";

    [SetUp]
    public async Task Make_some()
    {
        foreach (var (name, colour) in new[] { ("a", "red"), ("b", "green"), ("c", "blue"), ("d", "red") })
        {
            await Raw.PostAsync(Maps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"ours":"","colour":"{{{colour}}}"} } }""");
        }
    }

    [TestCase("colour=red", "a d")]
    [TestCase("ours,colour!=red", "b c")]
    [TestCase("colour in (green,blue)", "b c")]
    [TestCase("ours,colour notin (green,blue)", "a d")]
    [TestCase("colour", "a b c d")]
    [TestCase("ours,!colour", "")]
    [TestCase("colour=red,colour=green", "")]
    public async Task Labels_narrow_a_list(string selector, string expected)
    {
        var answer = await Raw.GetAsync($"{Maps}?labelSelector={Uri.EscapeDataString(selector)}");

        Assert.That(Names(answer), Is.EqualTo(expected));
    }

    [TestCase("metadata.name=b", "b")]
    [TestCase("metadata.name!=b", "a c d")]
    [TestCase("metadata.namespace=elsewhere", "")]
    public async Task Fields_narrow_a_list(string selector, string expected)
    {
        var answer = await Raw.GetAsync($"{Maps}?{Ours}&fieldSelector={Uri.EscapeDataString(selector)}");

        Assert.That(Names(answer), Is.EqualTo(expected));
    }

    [TestCase("labelSelector=a%3D%3D%3Db")]
    [TestCase("labelSelector=a%20in%20b")]
    [TestCase("fieldSelector=data.k%3Dv")]
    [TestCase("fieldSelector=nonsense")]
    [TestCase("continue=nonsense")]
    public async Task What_selects_nothing_is_refused(string query)
    {
        var answer = await Raw.GetAsync($"{Maps}?{query}");

        Assert.That(answer.Refusal, Is.EqualTo((400, "BadRequest")), answer.Message);
    }

    [Test]
    public async Task Secrets_and_Events_are_selected_by_more()
    {
        await Raw.PostAsync($"{Core}/secrets", """{"metadata":{"name":"a"},"type":"example.com/a"}""");
        await Raw.PostAsync($"{Core}/secrets", """{"metadata":{"name":"b"},"type":"example.com/b"}""");
        await Raw.PostAsync(
            $"{Core}/events", $$$"""{"metadata":{"name":"e"},"involvedObject":{"kind":"Secret","name":"a","namespace":"{{{Namespace}}}"}}""");

        var secrets = await Raw.GetAsync($"{Core}/secrets?fieldSelector=type%3Dexample.com%2Fb");
        var told = await Raw.GetAsync($"{Core}/events?fieldSelector=involvedObject.name%3Da%2CinvolvedObject.kind%3DSecret");
        var untold = await Raw.GetAsync($"{Core}/events?fieldSelector=involvedObject.name%3Db");

        Assert.That((Names(secrets), Names(told), Names(untold)), Is.EqualTo(("b", "e", "")));
    }

    [Test]
    public async Task Pages_of_a_list_are_of_one_version()
    {
        var first = await Raw.GetAsync($"{Maps}?{Ours}&limit=2");
        await Raw.DeleteAsync($"{Maps}/c");
        await Raw.PostAsync(Maps, """{"metadata":{"name":"e","labels":{"ours":""}}}""");
        var second = await Raw.GetAsync($"{Maps}?{Ours}&limit=5&continue={first.Body.Text("metadata", "continue")}");

        Assert.That((Names(first), Names(second)), Is.EqualTo(("a b", "c d")));
        Assert.That(second.Body.Text("metadata", "continue"), Is.Null.Or.Empty);
        Assert.That(second.Body.Text("metadata", "resourceVersion"), Is.EqualTo(first.Body.Text("metadata", "resourceVersion")));
    }

    [Test]
    public async Task A_watch_tells_what_has_happened_since_a_version()
    {
        var version = (await Raw.GetAsync(Maps)).Body.Text("metadata", "resourceVersion");
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/a", """{"metadata":{"labels":{"colour":"green"}}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/b", """{"metadata":{"labels":{"colour":"red"}}}""", RawApi.Merge);
        await Raw.DeleteAsync($"{Maps}/d");

        var seen = await Raw.WatchAsync($"{Maps}?watch=true&resourceVersion={version}&labelSelector=colour%3Dred&timeoutSeconds=20")
            .Take(4).ToListAsync();

        Assert.That(
            seen.Select(change => (change.Type, change.Subject.Text("metadata", "name"))),
            Is.EqualTo(new[] { ("MODIFIED", "a"), ("DELETED", "a"), ("ADDED", "b"), ("DELETED", "d") }));
        Assert.That(
            seen.Select(change => long.Parse(change.Subject.Text("metadata", "resourceVersion")!)),
            Is.Ordered.Ascending,
            "also what is gone has a version");
    }

    [Test]
    public async Task A_watch_from_now_starts_with_what_is_there()
    {
        var seen = await Raw.WatchAsync($"{Maps}?watch=true&resourceVersion=0&{Ours}&timeoutSeconds=20").Take(4).ToListAsync();

        Assert.That(seen.Select(change => $"{change.Type} {change.Subject.Text("metadata", "name")}").Order(), Is.EqualTo(
            ["ADDED a", "ADDED b", "ADDED c", "ADDED d"]));
    }

    [Test]
    public async Task A_watch_can_be_of_one_object()
    {
        var version = (await Raw.GetAsync(Maps)).Body.Text("metadata", "resourceVersion");
        await Raw.PatchAsync($"{Maps}/a", """{"data":{"k":"v"}}""", RawApi.Merge);
        await Raw.PatchAsync($"{Maps}/b", """{"data":{"k":"v"}}""", RawApi.Merge);

        var seen = await Raw
            .WatchAsync($"{Maps}?watch=true&resourceVersion={version}&fieldSelector=metadata.name%3Db&timeoutSeconds=20")
            .FirstAsync();

        Assert.That(seen.Subject.Text("metadata", "name"), Is.EqualTo("b"));
    }

    [Test]
    public async Task A_watch_ends_in_peace_when_its_kind_is_defined_anew()
    {
        await Cluster.InstallCrdsAsync([ThingDefinition.Of(Thing)]);
        var version = (await Raw.GetAsync($"{In(Thing.ApiVersion)}/things")).Body.Text("metadata", "resourceVersion");
        var watch = Raw.WatchAsync($"{In(Thing.ApiVersion)}/things?watch=true&resourceVersion={version}&timeoutSeconds=60")
            .ToListAsync().AsTask();

        var more = ThingDefinition.Of(Thing);
        more["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["name"] =
            new System.Text.Json.Nodes.JsonObject { ["type"] = "string" };
        await Cluster.InstallCrdsAsync([more]);

        Assert.That(await watch.WaitAsync(TimeSpan.FromSeconds(30)), Is.Empty);
    }

    [TestCase("secrets", "Name Type Data Age")]
    [TestCase("configmaps", "Name Data Age")]
    [TestCase("serviceaccounts", "Name Secrets Age")]
    [TestCase("events", "Last-Seen Type Reason Object Message +Subobject +Source +First-Seen +Count +Name")]
    [TestCase("services", "Name Type Cluster-IP External-IP Port(s) Age +Selector")]
    [TestCase("endpoints", "Name Endpoints Age")]
    [TestCase("pods", "Name Ready Status Restarts Age +IP +Node +Nominated-Node +Readiness-Gates")]
    [TestCase("apps/v1/deployments", "Name Ready Up-to-date Available Age +Containers +Images +Selector")]
    [TestCase("apps/v1/replicasets", "Name Desired Current Ready Age +Containers +Images +Selector")]
    [TestCase("coordination.k8s.io/v1/leases", "Name Holder Age")]
    [TestCase("rbac.authorization.k8s.io/v1/roles", "Name Created-At")]
    [TestCase("rbac.authorization.k8s.io/v1/rolebindings", "Name Role Age +Users +Groups +ServiceAccounts")]
    public async Task Tables_have_the_columns_of_their_kind(string path, string columns)
    {
        var split = path.LastIndexOf('/');
        var table = await Raw.GetAsync(
            split < 0 ? $"{Core}/{path}" : $"{In(path[..split])}/{path[(split + 1)..]}", "application/json;as=Table;v=v1;g=meta.k8s.io");

        var shown = table.Body.Items("columnDefinitions")
            .Select(column => (column.Number("priority") > 0 ? "+" : "") + column.Text("name")!.Replace(' ', '-'))
            .OrderBy(name => name.StartsWith('+'));
        Assert.That(string.Join(' ', shown), Is.EqualTo(columns));
    }

    [Test]
    public async Task What_is_not_there_is_not_found()
    {
        var missing = await Raw.GetAsync($"{Maps}/missing");
        var unserved = await Raw.GetAsync($"{Core}/nothings");

        Assert.That((missing.Refusal, missing.Message), Is.EqualTo(((404, "NotFound"), "configmaps \"missing\" not found")));
        Assert.That((unserved.Refusal, unserved.Message), Is.EqualTo(((404, "NotFound"), "the server could not find the requested resource")));
    }

    private static string Names(RawAnswer answer) =>
        string.Join(' ', answer.Body.Items("items").Select((JsonElement item) => item.Text("metadata", "name")));
}
