namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What has become of an object's owner.</summary>
internal enum OwnerStanding
{
    /// <summary>It is there, and stays.</summary>
    There,

    /// <summary>It is not there, or another object has its name.</summary>
    Gone,

    /// <summary>It goes once its dependents are gone.</summary>
    WaitsForDependents,

    /// <summary>It goes, and its dependents stay.</summary>
    LeavesDependents,
}
