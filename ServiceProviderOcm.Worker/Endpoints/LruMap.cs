using System.Diagnostics.CodeAnalysis;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>A dictionary of limited size that forgets what has not been used for the longest time. Not thread-safe.</summary>
/// <param name="capacity">The maximum number of entries.</param>
internal sealed class LruMap<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = [];

    public int Count => _nodes.Count;

    /// <summary>Finds an entry, which counts as a use.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds or replaces an entry. The least recently used one makes room.</summary>
    public void Set(TKey key, TValue value)
    {
        Remove(key);
        if (_nodes.Count == capacity)
        {
            Remove(_byUse.Last!.Value.Key);
        }

        _nodes[key] = _byUse.AddFirst((key, value));
    }

    /// <summary>Removes an entry if it is there.</summary>
    public void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _byUse.Remove(node);
        }
    }
}
