using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// What each namespace has of the objects that are kept in all. If these are too many, or take too much memory, the namespace that has the
/// most is full: its last object is dropped, and it gets no other. Not thread-safe.
/// </summary>
/// <param name="limits">How much is kept in all.</param>
internal sealed class NamespaceShares(InformerLimits limits)
{
    // Less room than this part of a limit is not worth a list.
    private const int SparePart = 64;

    private readonly NamespaceAmounts _objects = new();
    private readonly NamespaceAmounts _bytes = new();

    /// <summary>The namespace that must drop an object; null if all fit.</summary>
    public string? Overfull =>
        _objects.Total > limits.Objects ? _objects.Largest : _bytes.Total > limits.StoreBytes ? _bytes.Largest : null;

    /// <summary>Whether all namespaces together have so little that more objects should be kept.</summary>
    public bool HasRoom => HasRoomFor(_objects, limits.Objects) && HasRoomFor(_bytes, limits.StoreBytes);

    /// <summary>The number of objects of a namespace.</summary>
    public long CountIn(string ns) => _objects.Of(ns);

    /// <summary>Whether a new object is kept: it fits, or its namespace has less than another even with it.</summary>
    public bool Admits(KubeObject item) =>
        Admits(_objects, item.Namespace, 1, limits.Objects) && Admits(_bytes, item.Namespace, item.Size, limits.StoreBytes);

    /// <summary>Whether a namespace has less than half of what another has, also with one more object.</summary>
    public bool IsFarBelowLargest(string ns) => IsFarBelow(_objects, ns) && IsFarBelow(_bytes, ns);

    /// <summary>An object is kept.</summary>
    public void Add(KubeObject item) => Change(item, 1);

    /// <summary>An object is no longer kept.</summary>
    public void Remove(KubeObject item) => Change(item, -1);

    private static bool HasRoomFor(NamespaceAmounts amounts, long limit) => amounts.Total < limit - (limit / SparePart);

    private static bool Admits(NamespaceAmounts amounts, string ns, long more, long limit) =>
        amounts.Total + more <= limit || amounts.Of(ns) + more < amounts.Most;

    private static bool IsFarBelow(NamespaceAmounts amounts, string ns) => (amounts.Of(ns) * 2) + 1 < amounts.Most;

    private void Change(KubeObject item, int sign)
    {
        var notDeleted = item.IsBeingDeleted ? 0 : sign;
        _objects.Add(item.Namespace, sign, notDeleted);
        _bytes.Add(item.Namespace, sign * item.Size, notDeleted);
    }
}
