namespace ServiceProviderOcm.Core.Model;

/// <summary>How much is known of a part of a control plane.</summary>
public enum ObservationStatus
{
    /// <summary>It is not watched, or has not answered yet.</summary>
    Unknown,

    /// <summary>It has answered.</summary>
    Known,

    /// <summary>It is unreachable; what was known is stale.</summary>
    Unreachable,
}
