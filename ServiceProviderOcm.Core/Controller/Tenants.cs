using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The OCMs that exist: by tenant namespace, and which of them are within the number per namespace of the onboarding cluster. The newest
/// are beyond it: those with the latest creation time, then with the greatest uid. Thread-safe.
/// </summary>
/// <param name="limit">The number of OCMs per namespace.</param>
/// <param name="surplus">How many OCMs of a namespace exist beside those that are known here.</param>
internal sealed class Tenants(int limit, Func<string, int> surplus)
{
    private const string Name = "ocms_per_namespace";
    private const string Setting = "--max-ocms-per-namespace";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ObjectKey> _byTenantNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, Member> _members = [];
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    /// <summary>The number of OCMs.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _members.Count;
            }
        }
    }

    /// <summary>All OCMs.</summary>
    public IReadOnlyList<ObjectKey> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _members.Keys];
            }
        }
    }

    /// <summary>The OCM of a tenant namespace, or null.</summary>
    public ObjectKey? Of(string tenantNamespace)
    {
        lock (_lock)
        {
            return _byTenantNamespace.TryGetValue(tenantNamespace, out var ocm) ? ocm : null;
        }
    }

    /// <summary>The limit that an OCM is beyond, or null.</summary>
    public ExceededLimit? Exceeded(ObjectKey ocm)
    {
        lock (_lock)
        {
            return _members.TryGetValue(ocm, out var member) && _groups[ocm.Namespace].Beyond.Contains(member) ? LimitOf(ocm.Namespace) : null;
        }
    }

    /// <summary>The limit of a namespace, and how many OCMs it has.</summary>
    public ExceededLimit LimitOf(string ns)
    {
        lock (_lock)
        {
            return new ExceededLimit(Name, Setting, limit, (_groups.TryGetValue(ns, out var group) ? group.Count : 0) + surplus(ns));
        }
    }

    /// <summary>An OCM exists; returns another that is beyond the limit now, if there is one.</summary>
    public IReadOnlyList<ObjectKey> Put(KubeObject ocm)
    {
        var member = new Member(ocm.Json.Text("metadata", "creationTimestamp") ?? "", ocm.Uid, ocm.Key);
        lock (_lock)
        {
            if (_members.TryGetValue(ocm.Key, out var known))
            {
                return known == member ? [] : [.. RemoveLocked(known), .. AddLocked(member)];
            }

            return AddLocked(member);
        }
    }

    /// <summary>An OCM is gone; returns another that is within the limit now, if there is one.</summary>
    public IReadOnlyList<ObjectKey> Remove(ObjectKey ocm)
    {
        lock (_lock)
        {
            return _members.TryGetValue(ocm, out var member) ? RemoveLocked(member) : [];
        }
    }

    private IReadOnlyList<ObjectKey> AddLocked(Member member)
    {
        _members[member.Key] = member;
        _byTenantNamespace[PlatformNames.TenantNamespace(member.Key.Namespace, member.Key.Name)] = member.Key;
        if (!_groups.TryGetValue(member.Key.Namespace, out var group))
        {
            group = new Group();
            _groups.Add(member.Key.Namespace, group);
        }

        group.Within.Add(member);
        if (group.Within.Count <= limit || group.Within.Max is not { } newest)
        {
            return [];
        }

        group.Within.Remove(newest);
        group.Beyond.Add(newest);
        return newest == member ? [] : [newest.Key];
    }

    private IReadOnlyList<ObjectKey> RemoveLocked(Member member)
    {
        _members.Remove(member.Key);
        _byTenantNamespace.Remove(PlatformNames.TenantNamespace(member.Key.Namespace, member.Key.Name));
        var group = _groups[member.Key.Namespace];
        IReadOnlyList<ObjectKey> admitted = [];
        if (!group.Beyond.Remove(member) && group.Within.Remove(member) && group.Beyond.Min is { } oldest)
        {
            group.Beyond.Remove(oldest);
            group.Within.Add(oldest);
            admitted = [oldest.Key];
        }

        if (group.Count == 0)
        {
            _groups.Remove(member.Key.Namespace);
        }

        return admitted;
    }

    private sealed class Group
    {
        public SortedSet<Member> Within { get; } = [];

        public SortedSet<Member> Beyond { get; } = [];

        public int Count => Within.Count + Beyond.Count;
    }

    private sealed record Member(string Created, string Uid, ObjectKey Key) : IComparable<Member>
    {
        public int CompareTo(Member? other)
        {
            var created = string.CompareOrdinal(Created, other?.Created);
            var uid = created != 0 ? created : string.CompareOrdinal(Uid, other?.Uid);
            return uid != 0 ? uid : string.CompareOrdinal(Key.Name, other?.Key.Name);
        }
    }
}
