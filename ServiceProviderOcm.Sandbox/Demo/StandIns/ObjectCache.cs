using System.Collections.Concurrent;
using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>A cache of all objects of one kind, kept by a watch, that reports changes.</summary>
public sealed class ObjectCache(IKubernetesApi api, ResourceKind kind, Action<ObjectKey> changed, TimeProvider time)
{
    private static readonly TimeSpan WatchFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ObjectKey, KubeObject> _objects = new();

    /// <summary>The keys of all objects.</summary>
    public IEnumerable<ObjectKey> Keys => _objects.Keys;

    /// <summary>An object as last seen; null if it does not exist.</summary>
    public KubeObject? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>Stores the result of a write, so that it is not written again before the watch reports it.</summary>
    public void Remember(KubeObject written)
    {
        if (Find(written.Key) is { } known && IsNewer(written, known))
        {
            _objects.TryUpdate(written.Key, written, known);
        }
    }

    /// <summary>Lists and watches until cancelled; retries after errors.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await WatchAsync(await ListAsync(cancellationToken), cancellationToken);
            }
            catch (KubernetesApiException)
            {
                await Task.Delay(Backoff, time, cancellationToken);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var listed = new HashSet<ObjectKey>();
        var request = new ListRequest();
        ListPage page;
        do
        {
            page = await api.ListAsync(kind, request, cancellationToken);
            foreach (var subject in page.Items)
            {
                listed.Add(subject.Key);
                Keep(subject);
            }

            request = request with { Continue = page.Continue };
        }
        while (!string.IsNullOrEmpty(request.Continue));

        foreach (var missing in _objects.Keys.Except(listed))
        {
            Drop(missing);
        }

        return page.ResourceVersion;
    }

    private async Task WatchAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new WatchRequest(resourceVersion, null, null, null, WatchFor);
            await foreach (var (type, subject) in api.WatchAsync(kind, request, cancellationToken))
            {
                resourceVersion = subject.ResourceVersion;
                if (type == WatchEventType.Deleted)
                {
                    Drop(subject.Key);
                }
                else if (type != WatchEventType.Bookmark)
                {
                    Keep(subject);
                }
            }
        }
    }

    private static bool IsNewer(KubeObject subject, KubeObject than) => Version(subject) > Version(than);

    private static ulong Version(KubeObject subject) => ulong.Parse(subject.ResourceVersion, CultureInfo.InvariantCulture);

    private void Keep(KubeObject subject)
    {
        var kept = _objects.AddOrUpdate(subject.Key, subject, (_, known) => IsNewer(subject, known) ? subject : known);

        // Also for the same version: a remembered write may contain changes of others that are not reconciled yet.
        if (!IsNewer(kept, subject))
        {
            changed(subject.Key);
        }
    }

    private void Drop(ObjectKey key)
    {
        _objects.TryRemove(key, out _);
        changed(key);
    }
}
