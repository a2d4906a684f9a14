using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>The copies of objects in another API group. Pure.</summary>
internal static class MigrationCopies
{
    // It has the whole object, with its former apiVersion.
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>
    /// The copy of an OCM, with the finalizer of its new group from the beginning. It is not reconciled until its uid is written on the
    /// original: nobody would remove its finalizer before, so that its deletion cannot pass unseen.
    /// </summary>
    public static KubeObject OfOcm(ProviderApi from, ProviderApi to, KubeObject ocm)
    {
        var copy = Of(from, to.Ocm, ocm);
        var metadata = copy["metadata"]!.AsObject();
        metadata["finalizers"] = new JsonArray(to.Finalizer);
        metadata["annotations"] ??= new JsonObject();
        metadata["annotations"]![ObjectNames.MigrationAnnotation(to)] = MigrationMarks.ComesFrom(from, isHeld: true);
        metadata["annotations"]![Operation.Annotation] = Operation.Ignore;
        return KubeObject.From(copy);
    }

    /// <summary>The copy of a ProviderConfig.</summary>
    public static KubeObject OfProviderConfig(ProviderApi from, ProviderApi to, KubeObject config) =>
        KubeObject.From(Of(from, to.ProviderConfig, config));

    private static JsonObject Of(ProviderApi from, ResourceKind kind, KubeObject source)
    {
        var json = JsonObject.Create(source.Json)!;
        var former = json["metadata"]!.AsObject();
        var metadata = new JsonObject { ["name"] = source.Name };
        if (kind.IsNamespaced)
        {
            metadata["namespace"] = source.Namespace;
        }

        foreach (var field in new[] { "labels", "annotations", "ownerReferences" })
        {
            if (former[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        foreach (var annotation in new[] { LastApplied, Operation.Annotation, ObjectNames.MigrationAnnotation(from) })
        {
            (metadata["annotations"] as JsonObject)?.Remove(annotation);
        }

        return new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = metadata,
            ["spec"] = json["spec"]?.DeepClone(),
        };
    }
}
