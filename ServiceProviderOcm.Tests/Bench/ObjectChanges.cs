using System.Diagnostics;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The changes of one object, with the time of each, from a watch of its namespace.</summary>
internal sealed class ObjectChanges : IAsyncDisposable
{
    private static readonly TimeSpan WatchTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Channel<(KubeObject Subject, long Time)> _changes = Channel.CreateUnbounded<(KubeObject, long)>();
    private readonly CancellationTokenSource _stop = new();
    private readonly TestKubernetesApi _api;
    private readonly ResourceKind _kind;
    private readonly ObjectKey _key;
    private readonly Task _running;

    /// <summary>Starts to watch.</summary>
    public ObjectChanges(TestKubernetesApi api, ResourceKind kind, ObjectKey key)
    {
        _api = api;
        _kind = kind;
        _key = key;
        _running = Task.Run(RunAsync);
    }

    /// <summary>When the object was first as expected, among the changes not read before; null if it is not until the timeout.</summary>
    public async Task<long?> WhenAsync(Predicate<KubeObject> isExpected, TimeSpan timeout)
    {
        using var ended = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            while (true)
            {
                while (_changes.Reader.TryPeek(out var change))
                {
                    // The next caller may expect more of the same change.
                    if (isExpected(change.Subject))
                    {
                        return change.Time;
                    }

                    _changes.Reader.TryRead(out _);
                }

                await _changes.Reader.WaitToReadAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListAndWatchAsync();
            }
            catch (Exception exception) when (exception is KubernetesApiException or HttpRequestException or IOException)
            {
                await Task.Delay(RetryDelay, TimeProvider.System);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListAndWatchAsync()
    {
        var selector = $"metadata.name={_key.Name}";
        var page = await _api.ListAsync(_kind, new ListRequest(_key.Namespace, FieldSelector: selector), _stop.Token);
        Add(page.Items);
        var request = new WatchRequest(page.ResourceVersion, _key.Namespace, null, selector, WatchTimeout);
        await foreach (var change in _api.WatchAsync(_kind, request, _stop.Token))
        {
            Add(change.Type == WatchEventType.Bookmark ? [] : [change.Subject]);
        }
    }

    private void Add(IEnumerable<KubeObject> seen)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var each in seen)
        {
            _changes.Writer.TryWrite((each, now));
        }
    }
}
