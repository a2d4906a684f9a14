using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// Marks the manifests of Flux objects with the revision of the configuration. Marks alone are no reason to write an object: it keeps what
/// it has until it is written for another one.
/// </summary>
internal static class RevisionLabels
{
    /// <summary>The manifest with the marks that the object is to have.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="manifest">Makes the manifest with marks.</param>
    /// <param name="observed">The object; null if it does not exist.</param>
    /// <param name="observation">The observation.</param>
    /// <param name="isForced">Whether it is written in any case.</param>
    public static KubeObject Mark(
        ResourceKind kind, Func<RevisionMarks, KubeObject> manifest, KubeObject? observed, Observation observation, bool isForced)
    {
        var revision = observation.Revision;
        if (revision.Marks.Revision.Length == 0)
        {
            return manifest(RevisionMarks.None);
        }

        var present = RevisionMarks.Of(observed, observation.Identity.Api);
        if (observed is null || isForced || revision.IsUpdate || present == revision.Marks || present.Revision != revision.Present)
        {
            return manifest(revision.Marks);
        }

        var kept = manifest(present);
        return EnsureApplied.IsChange(kind, kept, observed, observation) ? manifest(revision.Marks) : kept;
    }
}
