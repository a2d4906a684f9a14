namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>The behaviour of the stand-in for Flux.</summary>
public enum FluxBehaviour
{
    /// <summary>Charts are found, installed and uninstalled.</summary>
    Normal,

    /// <summary>Nothing happens, as if Flux were not installed.</summary>
    Silent,

    /// <summary>Charts are found, but their installation fails.</summary>
    FailHelm,
}
