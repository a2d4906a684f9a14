using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The limit because of which OCMs of a namespace are only counted.</summary>
internal static class SurplusLimit
{
    /// <summary>
    /// The limit of the namespace; or, where fewer are known than it allows, the limit of all namespaces together that is used up more. If only
    /// unreadable ones are counted, the limit of these.
    /// </summary>
    /// <param name="ofNamespace">The limit of the namespace.</param>
    /// <param name="counted">How many OCMs of the namespace are only counted, and how many of these can be read.</param>
    /// <param name="unreadable">How many OCMs of the namespace cannot be read and are known by name.</param>
    /// <param name="known">The number of OCMs of all namespaces that are known, and about how much memory they take.</param>
    /// <param name="allCounted">How many OCMs of all namespaces are only counted.</param>
    /// <param name="limits">The limits of all namespaces together.</param>
    public static ExceededLimit Of(
        ExceededLimit ofNamespace,
        (int All, int Readable) counted,
        int unreadable,
        (int Count, long Bytes) known,
        long allCounted,
        InformerLimits limits)
    {
        if (counted.Readable == 0)
        {
            var (setting, limit) = unreadable >= InformerLimits.UnreadablePerNamespace
                ? ("", InformerLimits.UnreadablePerNamespace)
                : ("--max-ocms", limits.Unreadable);
            return new ExceededLimit("unreadable_ocms", setting, limit, unreadable + counted.All) { IsOfUnreadable = true };
        }

        if (ofNamespace.Actual - counted.All >= ofNamespace.Limit)
        {
            return ofNamespace;
        }

        var all = known.Count + allCounted;
        return (double)known.Count / limits.Objects >= (double)known.Bytes / limits.StoreBytes
            ? new ExceededLimit("ocms", "--max-ocms", limits.Objects, all) { TotalUnit = "OCMs" }
            : new ExceededLimit("ocm_store_bytes", "--max-ocm-store-bytes", limits.StoreBytes, known.Bytes / Math.Max(1, known.Count) * all)
            {
                TotalUnit = "bytes of OCMs in memory",
            };
    }
}
