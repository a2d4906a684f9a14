using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>Whether an API server could have the objects at all.</summary>
internal static class ObjectChecks
{
    private static readonly string[][] Texts = [["metadata", "name"], ["metadata", "namespace"], ["spec", "version"]];

    /// <exception cref="ManifestException">It could not have this one, or not for long.</exception>
    public static void Check(ResourceKind kind, SourcedObject source)
    {
        var found = source.Manifest;
        if (Array.Find(Texts, path => found.Json.At(path) is { ValueKind: not JsonValueKind.String }) is { } path)
        {
            throw new ManifestException(source.At, $"{kind.Kind} {found.Name}: {string.Join('.', path)} has to be text; put it in quotes");
        }

        if (found.Name.Length == 0)
        {
            throw new ManifestException(source.At, $"{kind.Kind} has no metadata.name");
        }

        if (!ObjectName.IsValid(found.Name))
        {
            throw new ManifestException(
                source.At, $"{kind.Kind} cannot be called \"{found.Name}\": names have lower-case letters, digits, '-' and '.' only");
        }

        // Secrets and ConfigMaps are all in one namespace, which need not be written down.
        if (kind.IsNamespaced && kind != Kinds.Secret && kind != Kinds.ConfigMap && found.Namespace.Length == 0)
        {
            throw new ManifestException(source.At, $"{kind.Kind} {found.Name} has no metadata.namespace");
        }

        if (found.IsBeingDeleted)
        {
            throw new ManifestException(source.At, $"{found} is being deleted; render shows what is installed");
        }
    }

    /// <exception cref="ManifestException">An object is there twice.</exception>
    public static void NoneTwice(IEnumerable<IGrouping<ResourceKind, SourcedObject>> byKind)
    {
        foreach (var same in byKind.SelectMany(group => group.GroupBy(source => (group.Key.Kind, Key: KeyOf(group.Key, source)))))
        {
            if (same.Skip(1).FirstOrDefault() is { } second)
            {
                throw new ManifestException(second.At, $"{second.Manifest} is there already ({same.First().At})");
            }
        }
    }

    private static ObjectKey KeyOf(ResourceKind kind, SourcedObject source) =>
        kind == Kinds.Secret || kind == Kinds.ConfigMap || !kind.IsNamespaced
            ? ObjectKey.ClusterScoped(source.Manifest.Name)
            : source.Manifest.Key;
}
