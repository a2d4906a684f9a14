using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>Tells the objects that this provider manages from those of others that have the same name.</summary>
public static class ManagedObjects
{
    private static readonly string[] Identifying = [ObjectNames.ManagedByLabel, ObjectNames.PurposeLabel, ObjectNames.AppManagedByLabel];

    /// <summary>The labels by which objects in tenant namespaces and on control planes are known to be managed.</summary>
    public static IReadOnlyDictionary<string, string> Labels(ProviderApi api) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [ObjectNames.ManagedByLabel] = ObjectNames.LabelValue(api.Group),
        [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
    };

    /// <summary>The labels by which the object of a manifest is known to be managed.</summary>
    public static IReadOnlyDictionary<string, string> Labels(KubeObject manifest) =>
        manifest.Labels.Where(label => Identifying.Contains(label.Key)).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Whether a copy keeps its type, which cannot be changed: the Go provider has made it, with the type of its source.
    /// </summary>
    public static bool KeepsType(KubeObject copy) => copy.Text("type") == "Opaque" && copy.Ownership.IsUpdatedByProvider;

    /// <summary>Whether a Secret without labels is a copy that the Go provider has made: nobody else has written it.</summary>
    public static bool IsUnlabelledCopy(KubeObject secret) =>
        secret.Ownership is { IsUpdatedByProvider: true, HasOtherManager: false, Applied.Count: 0 };

    /// <summary>
    /// Whether there may be such copies on the control plane: the AccessRequest records it, or the Go provider has written it last.
    /// </summary>
    public static bool MayHaveUnlabelledCopies(KubeObject? accessRequest, ProviderApi api) =>
        accessRequest is { } access && (access.Annotations.ContainsKey(ObjectNames.UnlabelledCopiesAnnotation(api)) || access.Ownership.IsUpdatedLast);

    /// <summary>
    /// Whether an object is managed by this provider: it has the labels, or it was written by it or by the Go provider, which labels neither
    /// its Secrets nor its Flux objects, and does not name another component as its manager. Nobody else may have written a Secret.
    /// </summary>
    /// <param name="found">The object.</param>
    /// <param name="labels">The labels of managed objects. Where there are none, as of an OCM, no object is managed.</param>
    public static bool IsManaged(KubeObject found, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
        {
            return false;
        }

        var present = found.Labels;
        return labels.All(label => present.GetValueOrDefault(label.Key) == label.Value)
            || (found.Ownership.IsWrittenByProvider
                && !(found.Ownership.HasOtherManager && found.Text("kind") == Kinds.Secret.Kind)
                && (!present.TryGetValue(ObjectNames.ManagedByLabel, out var manager) || manager == labels[ObjectNames.ManagedByLabel]));
    }

    /// <summary>
    /// Whether an AccessRequest was written by this provider or the Go provider for the control plane that it refers to, whether or not it
    /// still has its labels. It does not name another component as its manager.
    /// </summary>
    /// <param name="found">The AccessRequest.</param>
    /// <param name="api">The API group, which its name contains.</param>
    public static bool IsWrittenAccessRequest(KubeObject found, ProviderApi api)
    {
        var group = ObjectNames.LabelValue(api.Group);
        return found.Ownership.IsWrittenByProvider
            && found.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel, group) == group
            && found.Text("spec", "requestRef", "name") is { Length: > 0 } name
            && found.Text("spec", "requestRef", "namespace") == found.Namespace
            && found.Name == ObjectNames.AccessRequest(api, name);
    }
}
