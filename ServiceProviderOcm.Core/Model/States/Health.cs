namespace ServiceProviderOcm.Core.Model.States;

/// <summary>The health of an OCM.</summary>
public enum Health
{
    /// <summary>Not reported: the status stays as it is.</summary>
    Unreported,

    /// <summary>Healthy.</summary>
    Ready,

    /// <summary>In progress, expected to become healthy without action.</summary>
    Pending,

    /// <summary>Action is required.</summary>
    Degraded,
}
