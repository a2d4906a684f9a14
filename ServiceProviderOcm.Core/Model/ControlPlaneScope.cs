namespace ServiceProviderOcm.Core.Model;

/// <summary>What of a control plane decisions are made on, and therefore has to be watched.</summary>
[Flags]
public enum ControlPlaneScope
{
    /// <summary>Nothing: no connection is needed.</summary>
    None = 0,

    /// <summary>The users' Repository objects.</summary>
    UserObjects = 1,

    /// <summary>The managed objects.</summary>
    ManagedObjects = 2,

    /// <summary>What is watched already.</summary>
    Unchanged = 4,
}
