using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Objects that exist and are not kept, because their namespace has too many, or more than its share of all: 8 bytes of a hash for each,
/// and beyond a capacity only their number. Thread-safe.
/// </summary>
/// <param name="capacity">The number of hashes.</param>
public sealed class SurplusObjects(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private int _hashes;

    /// <summary>The namespaces that have any, and how many.</summary>
    public IReadOnlyList<(string Namespace, int Count)> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _groups.Select(group => (group.Key, group.Value.Count))];
            }
        }
    }

    /// <summary>How many a namespace has.</summary>
    public int In(string ns)
    {
        lock (_lock)
        {
            return _groups.TryGetValue(ns, out var group) ? group.Count : 0;
        }
    }

    /// <summary>How many of these can be read.</summary>
    internal int ReadableIn(string ns)
    {
        lock (_lock)
        {
            return _groups.TryGetValue(ns, out var group) ? group.Readable : 0;
        }
    }

    /// <summary>Whether any of the namespaces with some that can be read meets a condition.</summary>
    internal bool AnyReadable(Func<string, bool> condition)
    {
        lock (_lock)
        {
            return _groups.Any(group => group.Value.Readable > 0 && condition(group.Key));
        }
    }

    /// <summary>Whether an object is among them. Where only the number is known, any may be.</summary>
    public bool MayHave(ObjectKey key)
    {
        lock (_lock)
        {
            return _groups.TryGetValue(key.Namespace, out var group) && (group.HasOthers || HashOf(key) is var hash && (group.Hashes.Contains(hash) || group.Unreadable.Contains(hash)));
        }
    }

    /// <summary>Adds an object; returns whether it is the first of its namespace.</summary>
    /// <param name="key">The object.</param>
    /// <param name="isNew">Whether the object has not existed before, so that it is not among those of which only the number is known.</param>
    /// <param name="isUnreadable">Whether the object cannot be read.</param>
    internal bool Add(ObjectKey key, bool isNew, bool isUnreadable = false)
    {
        lock (_lock)
        {
            var isFirst = !_groups.TryGetValue(key.Namespace, out var group);
            if (group is null)
            {
                group = new Group();
                _groups.Add(key.Namespace, group);
            }

            var hash = HashOf(key);
            var (hashes, others) = isUnreadable ? (group.Unreadable, group.Hashes) : (group.Hashes, group.Unreadable);
            if (others.Remove(hash))
            {
                hashes.Add(hash);
            }
            else if (_hashes < capacity)
            {
                if (hashes.Add(hash))
                {
                    _hashes++;
                    if (!isNew)
                    {
                        group.RemoveOther(mayBeUnreadable: true);
                    }
                }
            }
            else if (!hashes.Contains(hash))
            {
                group.AddOther(isNew || group.Count == 0, isUnreadable);
            }

            return isFirst;
        }
    }

    /// <summary>An object is kept, or gone.</summary>
    /// <param name="key">The object.</param>
    /// <param name="isCounted">Whether it is one of them, even if only the number is known.</param>
    /// <param name="mayBeUnreadable">Whether it may be one of those that could not be read.</param>
    internal void Remove(ObjectKey key, bool isCounted = true, bool mayBeUnreadable = true)
    {
        lock (_lock)
        {
            if (!_groups.TryGetValue(key.Namespace, out var group))
            {
                return;
            }

            var hash = HashOf(key);
            if (group.Hashes.Remove(hash) || group.Unreadable.Remove(hash))
            {
                _hashes--;
            }
            else if (isCounted)
            {
                group.RemoveOther(mayBeUnreadable);
            }

            if (group.Count == 0)
            {
                _groups.Remove(key.Namespace);
            }
        }
    }

    private static long HashOf(ObjectKey key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key.Name), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    // Of others, only the numbers are known. Where it is not known which of them an object is, it counts as readable: too many of these lead
    // to a list, which corrects the numbers; too few would hide objects that should be kept.
    private sealed class Group
    {
        private int _others;
        private int _unreadableOthers;

        public HashSet<long> Hashes { get; } = [];

        public HashSet<long> Unreadable { get; } = [];

        public bool HasOthers => _others + _unreadableOthers > 0;

        public int Readable => Hashes.Count + _others;

        public int Count => Readable + Unreadable.Count + _unreadableOthers;

        public void AddOther(bool isNew, bool isUnreadable)
        {
            if (isNew)
            {
                _others += isUnreadable ? 0 : 1;
                _unreadableOthers += isUnreadable ? 1 : 0;
            }
            else if (!isUnreadable && _unreadableOthers > 0)
            {
                _others++;
                _unreadableOthers--;
            }
        }

        public void RemoveOther(bool mayBeUnreadable)
        {
            if (_unreadableOthers > 0 && (mayBeUnreadable || _others == 0))
            {
                _unreadableOthers--;
            }
            else if (_others > 0)
            {
                _others--;
            }
        }
    }
}
