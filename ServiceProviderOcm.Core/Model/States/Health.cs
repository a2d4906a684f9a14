namespace ServiceProviderOcm.Core.Model.States;

/// <summary>What a state means for whoever watches the OCM.</summary>
public enum Health
{
    /// <summary>The state says nothing new: the status stays as it is.</summary>
    Unreported,

    /// <summary>All is well.</summary>
    Ready,

    /// <summary>In progress, and expected to end without anybody's help.</summary>
    Pending,

    /// <summary>Somebody has to act.</summary>
    Degraded,
}
