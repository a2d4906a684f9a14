namespace ServiceProviderOcm.Core.Controller;

/// <summary>How a reconciliation ended.</summary>
public enum ReconcileOutcome
{
    /// <summary>Nothing to requeue.</summary>
    Success,

    /// <summary>It is requeued after a delay, as planned.</summary>
    RequeueAfter,

    /// <summary>A request failed; it is retried with back-off.</summary>
    Error,

    /// <summary>An unexpected exception, what a panic is in Go; it is retried with back-off.</summary>
    Bug,
}
