using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The spans of a reconciliation: from the event to the writes, those on the control plane included. There are none, and they cost nothing,
/// unless they are listened to. Requests to API servers become children of the span that sends them.
/// </summary>
public static class ReconcileActivity
{
    /// <summary>The name of the source, which the host must export.</summary>
    public const string SourceName = "service-provider-ocm";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a reconciliation, with the time in the queue as its first child.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="reconcileId">The reconciliation in the log.</param>
    /// <param name="reasons">Why.</param>
    /// <param name="now">The time at which the OCM was taken from the queue.</param>
    /// <param name="waited">How long it was in the queue: the span begins with the event that enqueued it.</param>
    public static Activity? Start(ObjectKey ocm, Guid reconcileId, ReconcileReasons reasons, DateTimeOffset now, TimeSpan waited)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity(ActivityKind.Internal, startTime: now - waited, name: "reconcile ocm")
            ?.About(ocm)
            .SetTag("reconcile.id", reconcileId.ToString())
            .SetTag("reconcile.reasons", reasons.ToString());
        if (activity is not null)
        {
            using var queued = Source.StartActivity(ActivityKind.Internal, startTime: now - waited, name: "wait in queue");
            queued?.SetEndTime(now.UtcDateTime);
        }

        return activity;
    }

    /// <summary>Starts the span of a turn on the control plane.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="parent">The span of the reconciliation that planned the steps; null if it had none.</param>
    public static Activity? StartTurn(ObjectKey ocm, string? parent) =>
        Source.StartActivity("apply to control plane", ActivityKind.Internal, parent)?.About(ocm);

    /// <summary>Records how the reconciliation ended; an error's message goes into the span's status.</summary>
    public static void Ended(this Activity? activity, ReconcileOutcome outcome, string? error)
    {
        activity?.SetTag("reconcile.result", ReconcileOutcomeNames.Of(outcome));
        activity.Failed(error);
    }

    /// <summary>Records an error, if there is one.</summary>
    public static void Failed(this Activity? activity, string? error)
    {
        if (error is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error);
        }
    }

    private static Activity About(this Activity activity, ObjectKey ocm) =>
        activity.SetTag("k8s.namespace.name", ocm.Namespace).SetTag("k8s.ocm.name", ocm.Name);
}
