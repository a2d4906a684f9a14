using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What Flux objects say about the revision of the configuration that they are of, so that a restart does not lose it.</summary>
/// <param name="Revision">The revision, from the label; empty if there is none.</param>
public sealed record RevisionMarks(string Revision)
{
    /// <summary>No marks: the objects do not exist, or were written by an earlier version of the provider.</summary>
    public static readonly RevisionMarks None = new("");

    /// <summary>When a rollout has last updated the OCM; null if none has since its installation or its own last change.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Whether the OCM was Ready before that.</summary>
    public bool WasReady { get; init; }

    /// <summary>
    /// The revision that Flux objects are of by their label; empty if the Go provider has written them since. It leaves the label as it is,
    /// which says nothing of them then.
    /// </summary>
    /// <param name="newest">The newest revision, which objects with its label are of whoever has written them.</param>
    /// <param name="found">The objects.</param>
    public string LabelOf(string newest, params IEnumerable<KubeObject?> found) =>
        Revision == newest || !found.Any(each => each?.Ownership.IsUpdatedLast is true) ? Revision : "";

    /// <summary>Reads the marks of an object.</summary>
    public static RevisionMarks Of(KubeObject? found, ProviderApi api) => found is null ? None
        : new RevisionMarks(found.Text("metadata", "labels", ObjectNames.RevisionLabel(api)) ?? "")
        {
            UpdatedAt = found.OwnJson.Moment("metadata", "annotations", ObjectNames.UpdatedAtAnnotation(api)),
            WasReady = found.Text("metadata", "annotations", ObjectNames.WasReadyAnnotation(api)) == "true",
        };
}
