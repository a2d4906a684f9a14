using System.Collections.Immutable;

namespace ServiceProviderOcm.Core.Kubernetes.ServerSideApply;

/// <summary>
/// Fields, with their values, that the platform's API server fills in whenever they are removed. There are few of them, unless a webhook
/// fills in something else each time: then the oldest are dropped. Thread-safe.
/// </summary>
/// <param name="capacity">How many are kept at most.</param>
internal sealed class LearnedDefaults(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _oldestFirst = new();
    private volatile ImmutableHashSet<string> _known = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>All that are known now; stays as it is.</summary>
    public IReadOnlySet<string> Known => _known;

    public void Add(string field)
    {
        lock (_lock)
        {
            if (_known.Contains(field))
            {
                return;
            }

            _oldestFirst.Enqueue(field);
            var known = _known.Add(field);
            _known = _oldestFirst.Count > capacity ? known.Remove(_oldestFirst.Dequeue()) : known;
        }
    }
}
