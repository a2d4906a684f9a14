namespace ServiceProviderOcm.Core.Model;

/// <summary>The watch scope of a control plane: the objects that decisions need.</summary>
[Flags]
public enum ControlPlaneScope
{
    /// <summary>Nothing: no connection is needed.</summary>
    None = 0,

    /// <summary>The users' objects: listed, and watched while there are some.</summary>
    UserObjects = 1,

    /// <summary>The managed objects.</summary>
    ManagedObjects = 2,

    /// <summary>What is watched already.</summary>
    Unchanged = 4,

    /// <summary>The users' objects, listed again.</summary>
    FreshUserObjects = 8,

    /// <summary>The metadata of Secrets without labels, some of which may be copies of the Go provider.</summary>
    UnlabelledSecrets = 16,
}
