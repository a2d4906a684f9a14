using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The revision of the configuration that an OCM is to have now, and what its Flux objects are to say about it.</summary>
/// <param name="Marks">The marks for objects that are written.</param>
public sealed record TenantRevision(RevisionMarks Marks)
{
    /// <summary>Without revisions: nothing is marked.</summary>
    public static readonly TenantRevision None = new(RevisionMarks.None);

    /// <summary>
    /// The label that the objects have now. One without it is written, too; objects that all have it keep their marks until they are
    /// written for another reason.
    /// </summary>
    public string Present { get; init; } = "";

    /// <summary>Whether the objects are updated now, by a rollout or since the OCM has changed itself.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>
    /// Whether the objects are of no known revision, and the rollout does not allow their update yet: they are left as they are.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>
    /// Whether only the OCM's generation says that the OCM has changed itself: its objects are of no known revision, and not written yet.
    /// </summary>
    public bool IsChangeUnrecorded { get; init; }

    /// <summary>
    /// Why the newest revision cannot install the OCM's version, although the OCM's own revision can; null if the newest can, or neither.
    /// What is installed is kept then.
    /// </summary>
    public ReadyStatus? NewestError { get; init; }

    /// <summary>Whether the newest revision offers the OCM's version, and the one that the OCM's stage allows now does not.</summary>
    public bool AwaitsNewest { get; init; }
}
