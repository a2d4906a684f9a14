using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
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
    public async Task Objects_of_all_of_them_are_kept_up_to_the_memory_of_their_namespace_and_others_are_not_affected()
    {
        var informers = Enumerable.Range(0, ControlPlanes).Select(_ => Start("hostile", List(500_000))).ToList();
        await Eventually.Async(
            () => informers.All(running => running.Informer.HasListed || Reason(running) == ApiErrors.LimitExceeded),
            "each has listed, or failed");
        using var good = Start("good", List(10_000));
        await Eventually.Async(() => good.Informer.HasListed, "the others are listed");

        Assert.That(informers.Count(running => running.Informer.Store.Count > 0), Is.InRange(1, 5));
        Assert.That(
            informers.Select(running => running.Informer.State.Failure?.Message).OfType<string>(),
            Is.Not.Empty.And.All.Contains("the servers of hostile takes more than 4194304 bytes of memory (limit group_memory)"));
        informers.ForEach(running => running.Dispose());
        await Eventually.Async(() => _budget.UsedMemory == 0, "the memory is given back");
    }

    [Test]
    public async Task Lines_that_do_not_end_are_kept_up_to_the_memory_of_their_namespace()
    {
        var start = """{"type":"ADDED","object":{"metadata":{"name":"a"},"x":""" + "\"" + new string('x', 1_000_000);
        var watches = Enumerable.Range(0, ControlPlanes).Select(_ => FailureAsync(Api("hostile", start, endless: true))).ToList();

        await Eventually.Async(() => watches.Count(watch => watch.IsCompleted) >= ControlPlanes - 4, "most are ended");

        Assert.That(
            watches.Where(watch => watch.IsCompleted).Select(watch => watch.Result.Message), Has.All.EndsWith("(limit group_memory)"));
    }

    private static string? Reason(RunningInformer running) => running.Informer.State.Failure?.Reason;

    private static string List(int bytes) =>
        """{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a","namespace":"n","resourceVersion":"1"},"data":{"x":"""
        + $"\"{new string('x', bytes)}\"}}}}]}}";

    private static async Task<KubernetesApiException> FailureAsync(KubernetesApi api) =>
        (await Assert.ThrowsAsync<KubernetesApiException>(async () => await api
            .WatchAsync(Kinds.Secret, new WatchRequest("1", null, null, null, TimeSpan.FromMinutes(5)), default).FirstAsync()))!;

    private RunningInformer Start(string group, string list)
    {
        var share = Share(group);
        var factory = new InformerFactory(new InformerOptions(), _time, new Random(1), NullLogger.Instance).With(share);
        return factory.Start(Api(share, list, endless: false), Kinds.ConfigMap, WatchScope.Everything, _ => { }, () => { }, default);
    }

    private ReadShare Share(string group)
    {
        var share = _budget.Open(group);
        _disposables.Add(share);
        return share;
    }

    private KubernetesApi Api(string group, string content, bool endless) => Api(Share(group), content, endless);

    // A list is complete, and watches send nothing; or watches send a part of a line.
    private KubernetesApi Api(ReadShare share, string content, bool endless)
    {
        ScriptedServer.Answer answer = (request, _) =>
        {
            var isWatch = request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(isWatch == endless ? content : "");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StreamContent(isWatch ? new SilentStream(bytes) : new MemoryStream(bytes)),
            });
        };
        var server = new ScriptedServer(Enumerable.Repeat(answer, 100)) { Share = share };
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
