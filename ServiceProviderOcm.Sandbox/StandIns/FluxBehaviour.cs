namespace ServiceProviderOcm.Sandbox.StandIns;

/// <summary>How Flux's stand-in fares.</summary>
public enum FluxBehaviour
{
    /// <summary>Charts are found, installed and uninstalled.</summary>
    Normal,

    /// <summary>Nothing happens, as if nobody were there.</summary>
    Silent,

    /// <summary>Charts are found, but their installation fails.</summary>
    FailHelm,
}
