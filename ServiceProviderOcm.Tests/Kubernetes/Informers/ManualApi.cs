using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>A cluster whose every answer is given by the test, one call after the other.</summary>
public sealed class ManualApi : IKubernetesApi
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Channel<ApiCall> _calls = Channel.CreateUnbounded<ApiCall>();

    public string ClusterName => "test cluster";

    /// <summary>How many calls wait for their answer.</summary>
    public int Waiting => _calls.Reader.Count;

    /// <summary>The next call.</summary>
    public async Task<ApiCall> NextCallAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Timeout);

    /// <summary>The next call, which must be a list.</summary>
    public async Task<ApiCall> NextListAsync() =>
        await NextCallAsync() is { List: not null } call ? call : throw new InvalidOperationException("a watch where a list was expected");

    /// <summary>The next call, which must be a watch.</summary>
    public async Task<ApiCall> NextWatchAsync() =>
        await NextCallAsync() is { Watch: not null } call ? call : throw new InvalidOperationException("a list where a watch was expected");

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        var call = new ApiCall { List = request };
        _calls.Writer.TryWrite(call);
        return await call.Page.WaitAsync(cancellationToken);
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new ApiCall { Watch = request };
        _calls.Writer.TryWrite(call);
        await call.Accepted.Task.WaitAsync(cancellationToken);
        request.Opened?.Invoke();
        call.Heard.SetResult();
        await foreach (var change in call.Events.WithCancellation(cancellationToken))
        {
            yield return change;
        }
    }

    public Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
