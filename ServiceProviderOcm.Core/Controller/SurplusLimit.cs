using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The limit because of which OCMs of a namespace are only counted.</summary>
internal static class SurplusLimit
{
    /// <summary>
    /// The limit of the namespace; or, where fewer are known than it allows, the limit of all namespaces together that is used up more.
    /// </summary>
    /// <param name="ofNamespace">The limit of the namespace.</param>
    /// <param name="counted">How many OCMs of the namespace are only counted, of those that can be read.</param>
    /// <param name="known">The number of OCMs of all namespaces that are known, and about how much memory they take.</param>
    /// <param name="allCounted">How many OCMs of all namespaces are only counted.</param>
    /// <param name="limits">The limits of all namespaces together.</param>
    public static ExceededLimit Of(
        ExceededLimit ofNamespace, int counted, (int Count, long Bytes) known, long allCounted, InformerLimits limits)
    {
        if (counted == 0 || ofNamespace.Actual - counted >= ofNamespace.Limit)
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
