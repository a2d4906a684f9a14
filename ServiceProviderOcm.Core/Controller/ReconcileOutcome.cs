namespace ServiceProviderOcm.Core.Controller;

/// <summary>How a look at an OCM has ended.</summary>
public enum ReconcileOutcome
{
    /// <summary>There is nothing to come back for.</summary>
    Success,

    /// <summary>It will be looked at again after a while, as planned.</summary>
    RequeueAfter,

    /// <summary>Something has failed; it will be tried again with back-off.</summary>
    Error,

    /// <summary>An unexpected exception, what a panic is in Go; it will be tried again with back-off.</summary>
    Bug,
}
