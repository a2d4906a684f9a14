using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>A tenant with many control planes, none of which exceeds a limit of its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ManyControlPlanesTests : IDisposable
{
    private const int ControlPlanes = 20;

    private readonly FakeTimeProvider _time = new();
    private readonly ReadBudget _budget;
    private readonly List<IDisposable> _disposables = [];

    public ManyControlPlanesTests() =>
        _budget = new ReadBudget(new ReadBudgetOptions { OwnMemory = 64 << 10, GroupMemory = 4 << 20 }, _time);

    public void Dispose() => _disposables.ForEach(disposable => disposable.Dispose());

    [Test]
    public async Task Lines_that_do_not_end_are_kept_up_to_the_memory_of_their_namespace()
    {
        var start = """{"type":"ADDED","object":{"metadata":{"name":"a"},"x":""" + "\"" + new string('x', 1_000_000);
        var watches = Enumerable.Range(0, ControlPlanes).Select(_ => FailureAsync(Api("hostile", start))).ToList();

        await Eventually.Async(() => watches.Count(watch => watch.IsCompleted) >= ControlPlanes - 4, "most are ended");

        Assert.That(
            watches.Where(watch => watch.IsCompleted).Select(watch => watch.Result), Has.All.EndsWith("(limit group_memory)"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Answers_that_do_not_end_are_kept_up_to_the_memory_of_their_namespace(bool isList)
    {
        var start = isList
            ? """{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a","namespace":"n"},"data":{"x":""" + "\""
            : """{"metadata":{"name":"a","namespace":"n"},"data":{"x":""" + "\"";
        var answers = Enumerable.Range(0, ControlPlanes)
            .Select(_ => Api("hostile", start + new string('x', 1_000_000)))
            .Select(api => Assert.ThrowsAsync<KubernetesApiException>(() => isList
                ? api.ListAsync(Kinds.Secret, new ListRequest(), default)
                : api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default)))
            .ToList();

        await Eventually.Async(() => answers.Count(answer => answer.IsCompleted) >= ControlPlanes - 4, "most are ended");

        Assert.That(
            answers.Where(answer => answer.IsCompleted).Select(answer => answer.Result!.Message), Has.All.EndsWith("(limit group_memory)"));
    }

    [Test]
    public async Task Lists_of_one_control_plane_take_turns()
    {
        using var share = _budget.Open("one");
        var (first, second) = (new TaskCompletionSource<HttpResponseMessage>(), new TaskCompletionSource<HttpResponseMessage>());
        using var server = new ScriptedServer((_, _) => first.Task, (_, _) => second.Task) { Share = share };
        var api = new KubernetesApi("control plane", server, ClientOptions.ControlPlane, _time, TestMetrics.Create().Requests);

        var lists = new[] { Kinds.Secret, Kinds.ConfigMap }.Select(kind => api.ListAsync(kind, new ListRequest(), default)).ToList();

        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(lists.Select(list => list.IsCompleted), Is.All.False);
        first.SetResult(EmptyList());
        await lists[0];
        await Eventually.Async(() => server.Requests.Count == 2, "the second list is requested");
        second.SetResult(EmptyList());
        await lists[1];

        static HttpResponseMessage EmptyList() =>
            new(HttpStatusCode.OK) { Content = new StringContent("""{"metadata":{"resourceVersion":"1"},"items":[]}""") };
    }

    [Test]
    public async Task A_list_that_sends_nothing_is_charged_with_its_buffer()
    {
        var budget = new ReadBudget(new ReadBudgetOptions { OwnMemory = 0 }, _time);
        using var share = budget.Open("hostile");
        using var stop = new CancellationTokenSource();

        var listing = Api(share, "").ListAsync(Kinds.Secret, new ListRequest(), stop.Token);

        await Eventually.Async(() => budget.UsedMemory > 0, "the buffer is charged");
        await stop.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => listing);
        Assert.That(budget.UsedMemory, Is.Zero);
    }

    [Test]
    public async Task Tenants_that_hold_all_memory_do_not_keep_others_from_reading()
    {
        const int Held = 950_000;
        var budget = new ReadBudget(new ReadBudgetOptions { OwnMemory = 64 << 10, GroupMemory = 4 << 20, SharedMemory = 8 << 20 }, _time);
        var start = """{"type":"ADDED","object":{"metadata":{"name":"a"},"x":""" + "\"" + new string('x', Held);
        string[] hostile = ["one", "two", "three"];
        var watches = hostile.SelectMany(group => Enumerable.Repeat(group, 3)).Select(group => FailureAsync(Api(Opened(budget, group), start))).ToList();
        await Eventually.Async(() => budget.UsedMemory > (8 << 20) - Held, "all memory is held");
        var names = Enumerable.Range(0, 100).Select(number =>
            $$$"""{"metadata":{"name":"a{{{number}}}","namespace":"n"},"data":{"x":"{{{new string('x', 9_000)}}}"}}""");
        using var innocent = budget.Open("innocent");

        var page = await Answering(innocent, $$"""{"metadata":{"resourceVersion":"1"},"items":[{{string.Join(',', names)}}]}""")
            .ListAsync(Kinds.Secret, new ListRequest(), default);
        var kinds = await Answering(innocent, Discovery(padding: 100_000)).DiscoverAsync("delivery.ocm.software", default);

        Assert.That((page.Items.Count, kinds.Count), Is.EqualTo((100, 1)));
        Assert.That(watches.Where(watch => watch.IsCompleted).Select(watch => watch.Result), Is.Not.Empty.And.All.Match("(shared|group)_memory[)]$"));
    }

    private static string Discovery(int padding) => $$"""
        {"kind":"APIGroupDiscoveryList","items":[
        {"metadata":{"name":"other"},"versions":[{"version":"{{new string('v', padding)}}"}]},
        {"metadata":{"name":"delivery.ocm.software"},"versions":[{"version":"v1","resources":[
        {"resource":"components","responseKind":{"kind":"Component"},"scope":"Namespaced","verbs":["list"]}]}]}]}
        """;

    // Empty if the watch ends with the test.
    private static async Task<string> FailureAsync(KubernetesApi api)
    {
        try
        {
            await api.WatchAsync(Kinds.Secret, new WatchRequest("1", null, null, null, TimeSpan.FromMinutes(5)), default).CountAsync();
            return "";
        }
        catch (KubernetesApiException exception)
        {
            return exception.Message;
        }
    }

    private ReadShare Opened(ReadBudget budget, string group)
    {
        var share = budget.Open(group);
        _disposables.Add(share);
        return share;
    }

    // Sends a part of a line, or of an answer.
    private KubernetesApi Api(string group, string content) => Api(Opened(_budget, group), content);

    private KubernetesApi Api(ReadShare share, string content) => Api(share, new SilentStream(content));

    private KubernetesApi Answering(ReadShare share, string content) => Api(share, new MemoryStream(Encoding.UTF8.GetBytes(content)));

    private KubernetesApi Api(ReadShare share, Stream content)
    {
        var server = new ScriptedServer((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(content),
        }))
        { Share = share };
        _disposables.Add(server);
        return new KubernetesApi(
            "control plane", server, ClientOptions.ControlPlane with { MaxRetries = 0 }, _time, TestMetrics.Create().Requests);
    }
}
