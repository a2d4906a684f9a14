namespace ServiceProviderOcm.Core.Model;

/// <summary>What of a control plane decisions rest on, and so has to be watched.</summary>
[Flags]
public enum ControlPlaneView
{
    /// <summary>Nothing: no connection is needed.</summary>
    None = 0,

    /// <summary>The users' Repository objects.</summary>
    Repositories = 1,

    /// <summary>What we have put there ourselves.</summary>
    OwnObjects = 2,
}
