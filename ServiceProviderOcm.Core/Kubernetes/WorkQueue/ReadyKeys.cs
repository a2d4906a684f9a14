using System.Diagnostics.CodeAnalysis;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// The order in which keys are taken. The highest priority goes first; one that was passed over <see cref="MaxPassedOver"/> times goes
/// before it once. Within a priority the namespaces take turns, and within a namespace the key that was added first is taken first.
/// So the number of keys that are taken before a given one has a bound, whatever else is added. Not thread-safe.
/// </summary>
internal sealed class ReadyKeys
{
    /// <summary>How often in a row a priority with keys may be passed over.</summary>
    public const int MaxPassedOver = 8;

    private readonly Turns[] _priorities = [.. Enum.GetValues<QueuePriority>().OrderDescending().Select(_ => new Turns())];
    private readonly Dictionary<ObjectKey, (QueuePriority Priority, LinkedListNode<ObjectKey> Node)> _places = [];

    /// <summary>The number of keys.</summary>
    public int Count => _places.Count;

    /// <summary>Adds a key; if it is there already, raises its priority to at least this one.</summary>
    public void Add(ObjectKey key, QueuePriority priority)
    {
        if (_places.TryGetValue(key, out var place))
        {
            if (place.Priority >= priority)
            {
                return;
            }

            Of(place.Priority).Remove(place.Node);
        }

        _places[key] = (priority, Of(priority).Add(key));
    }

    /// <summary>Removes and returns the next key; false if there is none.</summary>
    public bool TryTake([NotNullWhen(true)] out ObjectKey? key)
    {
        key = null;
        if (_places.Count == 0)
        {
            return false;
        }

        var next = _priorities.Where(turns => turns.PassedOver >= MaxPassedOver).MaxBy(turns => turns.PassedOver)
            ?? _priorities.First(turns => turns.Count > 0);
        foreach (var turns in _priorities)
        {
            turns.PassedOver = turns == next || turns.Count == 0 ? 0 : turns.PassedOver + 1;
        }

        key = next.Take();
        _places.Remove(key.Value);
        return true;
    }

    private Turns Of(QueuePriority priority) => _priorities[(int)QueuePriority.Urgent - (int)priority];

    /// <summary>The keys of one priority.</summary>
    private sealed class Turns
    {
        private readonly Dictionary<string, LinkedListNode<(string Namespace, LinkedList<ObjectKey> Keys)>> _byNamespace =
            new(StringComparer.Ordinal);
        private readonly LinkedList<(string Namespace, LinkedList<ObjectKey> Keys)> _namespaces = new();

        public int Count { get; private set; }

        /// <summary>How often in a row keys of other priorities were taken while there were some of this one.</summary>
        public int PassedOver { get; set; }

        public LinkedListNode<ObjectKey> Add(ObjectKey key)
        {
            Count++;
            if (!_byNamespace.TryGetValue(key.Namespace, out var turn))
            {
                turn = _namespaces.AddLast((key.Namespace, new LinkedList<ObjectKey>()));
                _byNamespace.Add(key.Namespace, turn);
            }

            return turn.Value.Keys.AddLast(key);
        }

        public void Remove(LinkedListNode<ObjectKey> node)
        {
            Count--;
            PassedOver = Count == 0 ? 0 : PassedOver;
            var turn = _byNamespace[node.Value.Namespace];
            turn.Value.Keys.Remove(node);
            if (turn.Value.Keys.Count == 0)
            {
                _namespaces.Remove(turn);
                _byNamespace.Remove(turn.Value.Namespace);
            }
        }

        public ObjectKey Take()
        {
            var turn = _namespaces.First!;
            var node = turn.Value.Keys.First!;
            Remove(node);
            if (turn.Value.Keys.Count > 0)
            {
                _namespaces.Remove(turn);
                _namespaces.AddLast(turn);
            }

            return node.Value;
        }
    }
}
