using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The names of reconcile reasons, as labels of a metric.</summary>
internal static class ReconcileReasonNames
{
    private static readonly (ReconcileReasons Reason, string Name)[] Known =
    [
        .. Enum.GetValues<ReconcileReasons>()
            .Where(reason => reason != ReconcileReasons.None)
            .Select(reason => (reason, reason.ToString())),
    ];

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => Known.Select(known => known.Name);

    /// <summary>The names of these reasons.</summary>
    public static IEnumerable<string> Of(ReconcileReasons reasons) =>
        Known.Where(known => reasons.HasFlag(known.Reason)).Select(known => known.Name);
}
