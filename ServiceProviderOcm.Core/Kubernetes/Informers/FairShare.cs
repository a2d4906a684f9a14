using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>Which objects of a list are kept, where there is a limit per namespace.</summary>
internal static class FairShare
{
    /// <summary>
    /// The objects that are not kept: of each namespace those beyond its limit, and then, until the rest fits, the last one of the namespace
    /// that has the most.
    /// </summary>
    public static IReadOnlyList<KubeObject> Surplus(IReadOnlyCollection<KubeObject> objects, InformerLimits limits)
    {
        if (limits.ObjectsPerNamespace is not { } max)
        {
            return [];
        }

        List<KubeObject> surplus = [];
        var shares = new NamespaceShares(limits);
        var ranked = objects.GroupBy(item => item.Namespace, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => new Lazy<Stack<KubeObject>>(() => new(group.OrderBy(KeepRank.Of))), StringComparer.Ordinal);
        foreach (var item in objects)
        {
            shares.Add(item);
        }

        foreach (var ns in ranked.Keys)
        {
            while (shares.CountIn(ns) > max)
            {
                Drop(ns);
            }
        }

        while (shares.Overfull is { } ns)
        {
            Drop(ns);
        }

        return surplus;

        void Drop(string ns)
        {
            var last = ranked[ns].Value.Pop();
            shares.Remove(last);
            surplus.Add(last);
        }
    }
}
