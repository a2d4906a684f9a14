using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// A watch of all objects of a kind that does nothing with them: when the API server has sent a version is what no controller can beat.
/// </summary>
internal sealed class PlainWatch : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] Field = Encoding.ASCII.GetBytes("\"resourceVersion\":\"");

    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _versions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Uri _path;
    private readonly Task _running;

    public PlainWatch(TestCluster cluster, ResourceKind kind)
    {
        _http = cluster.CreateHttpClient(cluster.Admin, "plain-watch");
        _path = new Uri($"/apis/{kind.ApiVersion}/{kind.Plural}?watch=true", UriKind.Relative);
        _running = Task.Run(RunAsync);
    }

    /// <summary>When the API server has sent this version, or null if it has not by then.</summary>
    public async Task<long?> WhenAsync(string resourceVersion, TimeSpan timeout)
    {
        try
        {
            return await SeenOf(resourceVersion).Task.WaitAsync(timeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                await Task.Delay(RetryDelay, TimeProvider.System);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync()
    {
        await using var stream = await _http.GetStreamAsync(_path, _stop.Token);
        var buffer = new byte[128 * 1024];
        var kept = 0;
        while (await stream.ReadAsync(buffer.AsMemory(kept), _stop.Token) is > 0 and var read)
        {
            var end = kept + read;
            kept = end - Note(buffer.AsSpan(0, end));
            buffer.AsSpan(end - kept, kept).CopyTo(buffer);
        }
    }

    // Returns where the next read continues: before what may be the beginning of a version.
    private int Note(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (text[at..].IndexOf(Field) is >= 0 and var field)
        {
            var value = at + field + Field.Length;
            var length = text[value..].IndexOf((byte)'"');
            if (length < 0)
            {
                return at + field;
            }

            SeenOf(Encoding.ASCII.GetString(text.Slice(value, length))).TrySetResult(Stopwatch.GetTimestamp());
            at = value + length;
        }

        return Math.Max(at, text.Length - Field.Length);
    }

    private TaskCompletionSource<long> SeenOf(string resourceVersion) =>
        _versions.GetOrAdd(resourceVersion, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
