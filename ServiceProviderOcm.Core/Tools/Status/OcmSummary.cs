using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Tools.Rollouts;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>The status of an OCM, in one line.</summary>
/// <param name="Key">Its namespace and name; the latter is the control plane's.</param>
/// <param name="Version">The requested version.</param>
/// <param name="Phase">Its phase; empty before the first reconciliation.</param>
/// <param name="IsReady">Whether it is Ready.</param>
/// <param name="Reason">The reason of its Ready condition; empty if there is none.</param>
/// <param name="Message">The message of its Ready condition, or why there is none.</param>
/// <param name="Since">The last transition of its Ready condition.</param>
/// <param name="TenantNamespace">The namespace of its control plane on the platform cluster.</param>
public sealed record OcmSummary(
    ObjectKey Key,
    string Version,
    string Phase,
    bool IsReady,
    string Reason,
    string Message,
    DateTimeOffset? Since,
    string TenantNamespace)
{
    private const string Deleted = "Deleted";
    private const string Orphaned = "Orphaned";

    /// <summary>The revision of the configuration that it is at, as its status says; empty if it does not.</summary>
    public string Revision { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Where it is in the rollout; null if that is not known.</summary>
    public OcmUpdate? Update { get; init; }

    /// <summary>Reads an OCM's status.</summary>
    public static OcmSummary Of(KubeObject ocm)
    {
        var ready = ocm.ReadyCondition;
        return new OcmSummary(
            ocm.Key,
            ocm.Json.Text("spec", "version") ?? "",
            ocm.Json.Text("status", "phase") ?? "",
            ready.Text("status") == "True",
            ready.Text("reason") ?? "",
            Operation.IsIgnore(ocm)
                ? $"Reconciliation is disabled: {Operation.Annotation} is \"ignore\"."
                : ready.Text("message") ?? "Not reconciled yet.",
            ready.Moment("lastTransitionTime"),
            PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name))
        {
            Revision = ocm.Json.Text("status", "revision") ?? "",
            CreatedAt = ocm.Json.Moment("metadata", "creationTimestamp"),
        };
    }

    /// <summary>The same, with where the OCM is in the rollout.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="fleet">All OCMs; null if they are not known.</param>
    public static OcmSummary Of(KubeObject ocm, ObservedFleet? fleet) => Of(ocm) with { Update = OcmUpdate.Of(ocm.Key, fleet) };

    /// <summary>An OCM that cannot be read, such as one that exceeds a limit.</summary>
    public static OcmSummary Of(UnreadableObject ocm) => new(
        ocm.Key,
        Version: "",
        (ocm.IsBeingDeleted ? Model.States.Phase.Terminating : Model.States.Phase.Progressing).ToString(),
        IsReady: false,
        UnreadableOcm.ReasonOf(ocm),
        UnreadableOcm.MessageOf(ocm),
        ocm.ReadyCondition.Text("reason") == UnreadableOcm.ReasonOf(ocm) ? ocm.ReadyCondition.Moment("lastTransitionTime") : null,
        PlatformNames.TenantNamespace(ocm.Key.Namespace, ocm.Key.Name));

    /// <summary>The objects of an OCM that does not exist.</summary>
    public static OcmSummary Of(OrphanedTenant tenant) => new(
        tenant.Ocm ?? new ObjectKey("", ""),
        Version: "",
        Orphaned,
        IsReady: false,
        OrphanedTenant.Reason,
        tenant.Message,
        Since: null,
        tenant.Namespace);

    /// <summary>By namespace and name.</summary>
    public static IReadOnlyList<OcmSummary> Sorted(IEnumerable<OcmSummary> ocms) =>
    [
        .. ocms.OrderBy(ocm => ocm.Key.Namespace, StringComparer.Ordinal).ThenBy(ocm => ocm.Key.Name, StringComparer.Ordinal),
    ];

    /// <summary>The same OCM after its deletion.</summary>
    public OcmSummary Gone(DateTimeOffset now) =>
        this with { Phase = Deleted, IsReady = false, Reason = "", Message = "", Since = now, Update = null };
}
