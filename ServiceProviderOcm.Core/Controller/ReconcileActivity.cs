using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>The span of one reconciliation. There is none, and it costs nothing, unless it is listened to.</summary>
public static class ReconcileActivity
{
    /// <summary>The name of the source, which the host must export.</summary>
    public const string SourceName = "service-provider-ocm";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts a span. Requests to API servers become its children.</summary>
    public static Activity? Start(ObjectKey ocm, Guid reconcileId, ReconcileReasons reasons) =>
        Source.StartActivity("reconcile ocm")
            ?.SetTag("k8s.namespace.name", ocm.Namespace)
            .SetTag("k8s.ocm.name", ocm.Name)
            .SetTag("reconcile.id", reconcileId.ToString())
            .SetTag("reconcile.reasons", reasons.ToString());

    /// <summary>Records how the reconciliation ended; an error's message goes into the span's status.</summary>
    public static void Ended(this Activity? activity, ReconcileOutcome outcome, string? error)
    {
        activity?.SetTag("reconcile.result", ReconcileOutcomeNames.Of(outcome));
        if (error is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error);
        }
    }
}
