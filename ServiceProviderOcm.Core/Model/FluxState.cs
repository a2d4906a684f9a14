namespace ServiceProviderOcm.Core.Model;

/// <summary>How far Flux has got with one of its objects.</summary>
public enum FluxState
{
    /// <summary>Flux has not acted on the object's present generation or source yet, or is about to.</summary>
    Pending,

    /// <summary>Flux is done.</summary>
    Ready,

    /// <summary>Flux failed.</summary>
    Failed,

    /// <summary>The object is being deleted.</summary>
    Terminating,

    /// <summary>The object is being deleted, and Flux failed to clean up.</summary>
    TerminationFailed,
}
