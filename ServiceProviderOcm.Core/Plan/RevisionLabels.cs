using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// Marks the manifests of Flux objects with the revision of the configuration. Marks alone are no reason to write an object: it keeps what
/// it has until it is written for another one.
/// </summary>
internal static class RevisionLabels
{
    /// <summary>The manifest with the marks that the object is to have.</summary>
    public static KubeObject Mark(
        ResourceKind kind, KubeObject manifest, KubeObject? observed, Observation observation, bool isForced)
    {
        var (api, revision) = (observation.Identity.Api, observation.Revision);
        if (revision.Marks.Revision.Length == 0)
        {
            return manifest;
        }

        var present = RevisionMarks.Of(observed, api);
        if (observed is null || isForced || revision.IsUpdate || present.Revision != revision.Present)
        {
            return With(manifest, revision.Marks, api);
        }

        var kept = With(manifest, present, api);
        return EnsureApplied.IsChange(kind, kept, observed, observation) ? With(manifest, revision.Marks, api) : kept;
    }

    private static KubeObject With(KubeObject manifest, RevisionMarks marks, ProviderApi api)
    {
        var json = JsonObject.Create(manifest.OwnJson)!;
        var metadata = json["metadata"]!;
        if (marks.Revision.Length > 0)
        {
            metadata["labels"]![ObjectNames.RevisionLabel(api)] = marks.Revision;
        }

        if (marks.UpdatedAt is { } updatedAt)
        {
            metadata["annotations"] = new JsonObject
            {
                [ObjectNames.UpdatedAtAnnotation(api)] = Timestamps.Time(updatedAt),
                [ObjectNames.WasReadyAnnotation(api)] = marks.WasReady ? "true" : "false",
            };
        }

        return new KubeObject(json.ToElement(), shared: manifest.Shared);
    }
}
