using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>A cluster with nothing but Leases, which keeps to resourceVersions as API servers do.</summary>
public sealed class LeaseServer(TimeProvider time) : IKubernetesApi
{
    private readonly Lock _lock = new();
    private readonly List<Channel<WatchEvent>> _watches = [];
    private readonly ConcurrentQueue<LeaseWrite> _writes = [];
    private KubeObject? _lease;
    private int _version = 100;

    public string ClusterName => "platform cluster";

    /// <summary>Called before each request, with its verb; may throw, or wait.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after each write has been carried out; may throw.</summary>
    public Action AfterWrite { get; set; } = () => { };

    /// <summary>The Lease as it is.</summary>
    public KubeObject? Lease
    {
        get
        {
            lock (_lock)
            {
                return _lease;
            }
        }
    }

    public JsonElement Spec => Lease!.Json.GetProperty("spec");

    public string? Holder => Lease?.Json.Text("spec", "holderIdentity");

    /// <summary>The writes by candidates so far, those that were refused included.</summary>
    public IReadOnlyList<LeaseWrite> Writes => [.. _writes];

    /// <summary>How many watches are open.</summary>
    public int Watches
    {
        get
        {
            lock (_lock)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Another client writes the Lease.</summary>
    public void Put(JsonObject? spec)
    {
        lock (_lock)
        {
            var metadata = new JsonObject { ["namespace"] = "n", ["name"] = "l" };
            Store(new JsonObject { ["metadata"] = metadata, ["spec"] = spec }, _lease is null ? WatchEventType.Added : WatchEventType.Modified);
        }
    }

    /// <summary>Another replica holds the Lease.</summary>
    public void HeldBy(string holder, int? seconds = 15, string renewTime = "2026-01-01T00:00:00.000000Z") => Put(new JsonObject
    {
        ["holderIdentity"] = holder,
        ["leaseDurationSeconds"] = seconds,
        ["acquireTime"] = renewTime,
        ["renewTime"] = renewTime,
        ["leaseTransitions"] = 4,
    });

    /// <summary>Another client annotates the Lease.</summary>
    public void Annotate()
    {
        lock (_lock)
        {
            var lease = JsonObject.Create(_lease!.Json)!;
            lease["metadata"]!["annotations"] = new JsonObject { ["seen"] = "yes" };
            Store(lease, WatchEventType.Modified);
        }
    }

    /// <summary>Another client deletes the Lease.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            var last = _lease!;
            _lease = null;
            Tell(new WatchEvent(WatchEventType.Deleted, last));
        }
    }

    /// <summary>Ends all watches, as a server that is restarted.</summary>
    public void EndWatches()
    {
        lock (_lock)
        {
            _watches.ForEach(watch => watch.Writer.TryComplete());
        }
    }

    public async Task<KubeObject> GetAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
    {
        await Before("get", cancellationToken);
        return Lease ?? throw new KubernetesApiException(404, "NotFound", "not there");
    }

    public async Task<KubeObject> CreateAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken)
    {
        await BeforeWriteAsync("create", manifest.Json, cancellationToken);
        lock (_lock)
        {
            if (_lease is not null)
            {
                throw new KubernetesApiException(409, "AlreadyExists", "there already");
            }

            Store(JsonObject.Create(manifest.Json)!, WatchEventType.Added);
        }

        AfterWrite();
        return Lease!;
    }

    public Task ApplyStatusAsync(ResourceKind kind, KubeObject manifest, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<KubeObject> MergePatchAsync(
        ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken)
    {
        await BeforeWriteAsync("patch", patch, cancellationToken);
        lock (_lock)
        {
            if (_lease is null)
            {
                throw new KubernetesApiException(404, "NotFound", "not there");
            }

            if (patch.Text("metadata", "resourceVersion") != _lease.ResourceVersion)
            {
                throw new KubernetesApiException(409, "Conflict", "changed meanwhile");
            }

            var lease = JsonObject.Create(_lease.Json)!;
            lease["spec"] = JsonNode.Parse(patch.GetProperty("spec").GetRawText());
            Store(lease, WatchEventType.Modified);
        }

        AfterWrite();
        return Lease!;
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind, WatchRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Before("watch", cancellationToken);
        var watch = Channel.CreateUnbounded<WatchEvent>();
        lock (_lock)
        {
            // What has happened since the version that is watched from.
            if (_lease is not null && _lease.ResourceVersion != request.ResourceVersion)
            {
                watch.Writer.TryWrite(new WatchEvent(WatchEventType.Modified, _lease));
            }

            _watches.Add(watch);
        }

        try
        {
            await foreach (var change in watch.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watches.Remove(watch);
            }
        }
    }

    public Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ListPage> ListAsync(ResourceKind kind, ListRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject> ApplyAsync(ResourceKind kind, KubeObject manifest, bool isForced, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<KubeObject?> DeleteAsync(ResourceKind kind, ObjectKey key, DeleteRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private async Task BeforeWriteAsync(string verb, JsonElement body, CancellationToken cancellationToken)
    {
        _writes.Enqueue(new LeaseWrite(verb, body.Text("spec", "holderIdentity") ?? "", time.GetTimestamp()));
        await Before(verb, cancellationToken);
    }

    private void Store(JsonObject lease, WatchEventType type)
    {
        lease["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _lease = KubeObject.From(lease);
        Tell(new WatchEvent(type, _lease));
    }

    private void Tell(WatchEvent change) => _watches.ForEach(watch => watch.Writer.TryWrite(change));
}
