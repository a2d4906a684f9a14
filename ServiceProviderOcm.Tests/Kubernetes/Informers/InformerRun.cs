using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>A running informer, and the changes and states that it reports.</summary>
public sealed class InformerRun : IAsyncDisposable
{
    /// <summary>A watch that has been open for so long is relied on.</summary>
    public static readonly TimeSpan Lasting = new InformerOptions().MaxDelay;

    /// <summary>The longest pause between watches, which is shorter.</summary>
    public static readonly TimeSpan BetweenWatches = Lasting - TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Channel<InformerState> _states = Channel.CreateUnbounded<InformerState>();
    private readonly CancellationTokenSource _stop = new();

    public InformerRun(
        IKubernetesApi api,
        WatchScope? selection = null,
        InformerOptions? options = null,
        Action<InformerChange>? listener = null,
        ILogger? logger = null,
        MemoryAccount? memory = null,
        TimeSpan? longestPause = null)
    {
        Time = new HurriedTime(longestPause ?? TimeSpan.FromMinutes(5));
        var kind = new ResourceKind("", "v1", "ConfigMap", "configmaps");
        Informer = new Informer(
            api,
            kind,
            selection ?? WatchScope.Everything,
            options ?? new InformerOptions(),
            change =>
            {
                _changes.Writer.TryWrite(Describe(change));
                listener?.Invoke(change);
            },
            () => _states.Writer.TryWrite(Informer!.State),
            Time,
            new Random(1),
            logger ?? NullLogger.Instance,
            memory: memory);
        Completion = Informer.RunAsync(_stop.Token);
    }

    public HurriedTime Time { get; }

    public Informer Informer { get; }

    public Task Completion { get; }

    /// <summary>What is in the store, such as <c>a@1 b@2</c>.</summary>
    public string Stored => string.Join(
        ' ', Informer.Store.All.Select(item => $"{item.Name}@{item.ResourceVersion}").Order(StringComparer.Ordinal));

    /// <summary>The changes reported since the last call, as many as are expected.</summary>
    public async Task<string> ChangesAsync(int count)
    {
        List<string> changes = [];
        while (changes.Count < count)
        {
            changes.Add(await _changes.Reader.ReadAsync().AsTask().WaitAsync(Timeout));
        }

        while (_changes.Reader.TryRead(out var more))
        {
            changes.Add(more);
        }

        return string.Join(", ", changes.Order(StringComparer.Ordinal));
    }

    /// <summary>The next reported state.</summary>
    public Task<InformerState> StateAsync() => _states.Reader.ReadAsync().AsTask().WaitAsync(Timeout);

    /// <summary>The reported states that no call has returned yet.</summary>
    public int UnreadStates => _states.Reader.Count;

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Completion.WaitAsync(Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Describe(InformerChange change) => (change.Before?.ResourceVersion, change.After?.ResourceVersion) switch
    {
        (null, var after) => $"{change.Key.Name} new @{after}",
        (var before, null) => $"{change.Key.Name} gone @{before}",
        var (before, after) => $"{change.Key.Name} @{before} to @{after}",
    };
}
