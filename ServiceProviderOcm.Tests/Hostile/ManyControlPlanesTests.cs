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
            watches.Where(watch => watch.IsCompleted).Select(watch => watch.Result.Message), Has.All.EndsWith("(limit group_memory)"));
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

    private static async Task<KubernetesApiException> FailureAsync(KubernetesApi api) =>
        (await Assert.ThrowsAsync<KubernetesApiException>(async () => await api
            .WatchAsync(Kinds.Secret, new WatchRequest("1", null, null, null, TimeSpan.FromMinutes(5)), default).FirstAsync()))!;

    private ReadShare Share(string group)
    {
        var share = _budget.Open(group);
        _disposables.Add(share);
        return share;
    }

    // Sends a part of a line, or of an answer.
    private KubernetesApi Api(string group, string content) => Api(Share(group), content);

    private KubernetesApi Api(ReadShare share, string content)
    {
        var server = new ScriptedServer((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(new SilentStream(Encoding.UTF8.GetBytes(content))),
        }))
        { Share = share };
        _disposables.Add(server);
        return new KubernetesApi(
            "control plane", server, ClientOptions.ControlPlane with { MaxRetries = 0 }, _time, TestMetrics.Create().Requests);
    }

    // Sends something, and then nothing more.
    private sealed class SilentStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return read;
        }
    }
}
