using System.Diagnostics.CodeAnalysis;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>
/// The order in which keys are taken. The highest priority goes first; one that was passed over <see cref="MaxPassedOver"/> times goes
/// before it once. Within a priority the namespaces take turns, and within a namespace the key that was added first is taken first.
/// So the number of keys that are taken before a given one has a bound, whatever else is added, once its namespace may run one.
/// Not thread-safe.
/// </summary>
/// <param name="maxRunning">How many keys of one namespace are processed at the same time; its others are held back meanwhile.</param>
internal sealed class ReadyKeys(int maxRunning = int.MaxValue)
{
    /// <summary>
    /// How often in a row a priority with keys may be passed over. With all four busy, each has about a fourth of the turns: a namespace that
    /// always has urgent keys leaves enough to the keys of others.
    /// </summary>
    public const int MaxPassedOver = 2;

    private readonly Turns[] _priorities = [.. Enum.GetValues<QueuePriority>().OrderDescending().Select(_ => new Turns())];
    private readonly Dictionary<ObjectKey, (QueuePriority Priority, LinkedListNode<ObjectKey> Node)> _places = [];
    private readonly Dictionary<string, (int Ready, int Running)> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The number of keys, with those that are held back.</summary>
    public int Count => _places.Count;

    /// <summary>Adds a key; if it is there already, raises its priority to at least this one.</summary>
    /// <returns>Whether one more key may be taken than before.</returns>
    public bool Add(ObjectKey key, QueuePriority priority)
    {
        if (!_places.TryGetValue(key, out var place))
        {
            _places[key] = (priority, Of(priority).Add(key));
            return Move(key.Namespace, ready: 1, running: 0);
        }

        if (place.Priority < priority)
        {
            Of(place.Priority).Remove(place.Node);
            _places[key] = (priority, Of(priority).Add(key));
        }

        return false;
    }

    /// <summary>Removes and returns the next key, which is processed until <see cref="Done"/>; false if none may be taken.</summary>
    public bool TryTake([NotNullWhen(true)] out ObjectKey? key)
    {
        key = null;
        var takeable = _priorities.Where(turns => turns.HasNext(MayRun)).ToList();
        if (takeable.Count == 0)
        {
            return false;
        }

        var next = takeable.Where(turns => turns.PassedOver >= MaxPassedOver).MaxBy(turns => turns.PassedOver) ?? takeable[0];
        takeable.ForEach(turns => turns.PassedOver++);
        next.PassedOver = 0;
        key = next.Take(MayRun);
        _places.Remove(key.Value);
        Move(key.Value.Namespace, ready: -1, running: 1);
        return true;
    }

    /// <summary>The processing of a key has ended.</summary>
    /// <returns>Whether one more key may be taken than before.</returns>
    public bool Done(ObjectKey key) => Move(key.Namespace, ready: 0, running: -1);

    private bool MayRun(string ns) => _namespaces[ns].Running < maxRunning;

    private bool Move(string ns, int ready, int running)
    {
        var before = _namespaces.GetValueOrDefault(ns);
        var after = (Ready: before.Ready + ready, Running: before.Running + running);
        if (after == default)
        {
            _namespaces.Remove(ns);
        }
        else
        {
            _namespaces[ns] = after;
        }

        return Takeable(after) > Takeable(before);

        int Takeable((int Ready, int Running) keys) => Math.Min(keys.Ready, maxRunning - keys.Running);
    }

    private Turns Of(QueuePriority priority) => _priorities[(int)QueuePriority.Urgent - (int)priority];

    /// <summary>The keys of one priority.</summary>
    private sealed class Turns
    {
        private readonly Dictionary<string, LinkedListNode<(string Namespace, LinkedList<ObjectKey> Keys)>> _byNamespace =
            new(StringComparer.Ordinal);
        private readonly LinkedList<(string Namespace, LinkedList<ObjectKey> Keys)> _namespaces = new();

        /// <summary>How often in a row keys of other priorities were taken while one of this could have been.</summary>
        public int PassedOver { get; set; }

        public LinkedListNode<ObjectKey> Add(ObjectKey key)
        {
            if (!_byNamespace.TryGetValue(key.Namespace, out var turn))
            {
                turn = _namespaces.AddLast((key.Namespace, new LinkedList<ObjectKey>()));
                _byNamespace.Add(key.Namespace, turn);
            }

            return turn.Value.Keys.AddLast(key);
        }

        public void Remove(LinkedListNode<ObjectKey> node)
        {
            var turn = _byNamespace[node.Value.Namespace];
            turn.Value.Keys.Remove(node);
            if (turn.Value.Keys.Count == 0)
            {
                _namespaces.Remove(turn);
                _byNamespace.Remove(turn.Value.Namespace);
                PassedOver = _namespaces.Count == 0 ? 0 : PassedOver;
            }
        }

        public bool HasNext(Func<string, bool> mayRun) => Next(mayRun) is not null;

        /// <summary>Removes and returns the next key, of which there is one.</summary>
        public ObjectKey Take(Func<string, bool> mayRun)
        {
            var turn = Next(mayRun)!;
            var node = turn.Value.Keys.First!;
            Remove(node);
            if (turn.Value.Keys.Count > 0)
            {
                _namespaces.Remove(turn);
                _namespaces.AddLast(turn);
            }

            return node.Value;
        }

        // The namespaces that are held back keep their turns. They are few: each of them occupies its share of the workers.
        private LinkedListNode<(string Namespace, LinkedList<ObjectKey> Keys)>? Next(Func<string, bool> mayRun)
        {
            var turn = _namespaces.First;
            while (turn is not null && !mayRun(turn.Value.Namespace))
            {
                turn = turn.Next;
            }

            return turn;
        }
    }
}
