using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>Validates the objects as an API server does.</summary>
internal static class ObjectChecks
{
    private static readonly string[][] Texts = [["metadata", "name"], ["metadata", "namespace"], ["spec", "version"]];

    /// <exception cref="ManifestException">The object is invalid.</exception>
    public static void Check(ResourceKind kind, SourcedObject source)
    {
        var found = source.Manifest;
        if (Array.Find(Texts, path => found.Json.At(path) is { ValueKind: not JsonValueKind.String }) is { } path)
        {
            throw new ManifestException(source.At, $"{kind.Kind} {found.Name}: {string.Join('.', path)} must be a string; quote the value");
        }

        if (found.Name.Length == 0)
        {
            throw new ManifestException(source.At, $"{kind.Kind} has no metadata.name");
        }

        if (!DnsNames.IsSubdomain(found.Name))
        {
            throw new ManifestException(
                source.At, $"{kind.Kind} has an invalid name \"{found.Name}\": use lower-case letters, digits, '-' and '.'");
        }

        // Secrets and ConfigMaps are all in one namespace, which need not be written down.
        if (kind.IsNamespaced && kind != Kinds.Secret && kind != Kinds.ConfigMap && found.Namespace.Length == 0)
        {
            throw new ManifestException(source.At, $"{kind.Kind} {found.Name} has no metadata.namespace");
        }

        if (found.IsBeingDeleted)
        {
            throw new ManifestException(source.At, $"{found} is being deleted; render supports installation only");
        }
    }

    /// <exception cref="ManifestException">An object is defined twice.</exception>
    public static void NoneTwice(IEnumerable<IGrouping<ResourceKind, SourcedObject>> byKind)
    {
        foreach (var same in byKind.SelectMany(group => group.GroupBy(source => (group.Key.Kind, Key: KeyOf(group.Key, source)))))
        {
            if (same.Skip(1).FirstOrDefault() is { } second)
            {
                throw new ManifestException(second.At, $"{second.Manifest} is already defined ({same.First().At})");
            }
        }
    }

    private static ObjectKey KeyOf(ResourceKind kind, SourcedObject source) =>
        kind == Kinds.Secret || kind == Kinds.ConfigMap || !kind.IsNamespaced
            ? ObjectKey.ClusterScoped(source.Manifest.Name)
            : source.Manifest.Key;
}
