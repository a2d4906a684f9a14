using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>What the files say, sorted by what it is for.</summary>
/// <param name="Identity">Who the controller would be.</param>
/// <param name="Ocms">The OCMs, in the order in which they are written.</param>
/// <param name="Config">The one ProviderConfig that counts, parsed.</param>
/// <param name="Secrets">The Secrets of the controller's namespace, by name.</param>
/// <param name="ConfigMaps">The ConfigMaps of the controller's namespace, by name.</param>
/// <param name="AccessRequests">The AccessRequests that are there already.</param>
public sealed record RenderInputs(
    Identity Identity,
    IReadOnlyList<SourcedObject> Ocms,
    InstallConfig Config,
    IReadOnlyDictionary<string, KubeObject> Secrets,
    IReadOnlyDictionary<string, KubeObject> ConfigMaps,
    IReadOnlyDictionary<ObjectKey, KubeObject> AccessRequests)
{
    // For messages only; the files need not contain the namespace.
    private const string UnknownNamespace = "POD_NAMESPACE";

    /// <summary>The tenant namespaces, by whose labels canaries are chosen, by name.</summary>
    public IReadOnlyDictionary<string, KubeObject> Namespaces { get; init; } = new Dictionary<string, KubeObject>(StringComparer.Ordinal);

    /// <summary>The ProviderConfig that counts.</summary>
    public required KubeObject ProviderConfig { get; init; }

    /// <summary>Sorts the objects.</summary>
    /// <param name="objects">What the files contain.</param>
    /// <param name="apiGroup">The API group of OCM and ProviderConfig; null to take it from them.</param>
    /// <param name="providerName">The name of the ProviderConfig that counts; null if there is only one.</param>
    /// <param name="needsOcms">Whether there must be an OCM.</param>
    /// <exception cref="ManifestException">Something is missing, unknown, or in contradiction to something else.</exception>
    public static RenderInputs Of(IReadOnlyList<SourcedObject> objects, string? apiGroup, string? providerName, bool needsOcms = true)
    {
        var byKind = objects.ToLookup(source => InputKinds.Of(source, apiGroup));
        foreach (var (kind, source) in byKind.SelectMany(group => group.Select(source => (group.Key, source))))
        {
            ObjectChecks.Check(kind, source);
        }

        ObjectChecks.NoneTwice(byKind);
        var api = InputKinds.ServedApi([.. objects.Where(source => !InputKinds.IsFixed(source))]);
        var ocms = byKind[api.Ocm].ToList();
        if (ocms.Count == 0 && needsOcms)
        {
            throw new ManifestException("no OCM to render; pass one with -f");
        }

        var config = Chosen([.. byKind[api.ProviderConfig]], providerName);
        var identity = new Identity(api, config.Name, PodNamespace([.. byKind[Kinds.Secret], .. byKind[Kinds.ConfigMap]]));
        return new RenderInputs(
            identity,
            ocms,
            InstallConfigReader.Read(identity, config),
            byKind[Kinds.Secret].Select(StoredSecret.Of).ToDictionary(secret => secret.Name, StringComparer.Ordinal),
            byKind[Kinds.ConfigMap].ToDictionary(source => source.Manifest.Name, source => source.Manifest, StringComparer.Ordinal),
            byKind[PlatformKinds.AccessRequest].ToDictionary(source => source.Manifest.Key, source => source.Manifest))
        {
            Namespaces = byKind[Kinds.Namespace].ToDictionary(source => source.Manifest.Name, source => source.Manifest, StringComparer.Ordinal),
            ProviderConfig = config,
        };
    }

    private static KubeObject Chosen(List<SourcedObject> configs, string? providerName)
    {
        var fitting = configs.FindAll(config => providerName is null || config.Manifest.Name == providerName);
        var names = string.Join(", ", configs.Select(config => $"{config.Manifest.Name} ({config.At})"));
        return fitting.Count switch
        {
            1 => fitting[0].Manifest,
            0 when configs.Count == 0 => throw new ManifestException("no ProviderConfig; pass one with -f"),
            0 => throw new ManifestException($"ProviderConfig \"{providerName}\" (--provider-name) not found; found: {names}"),
            _ => throw new ManifestException($"several ProviderConfigs; choose one with --provider-name: {names}"),
        };
    }

    private static string PodNamespace(List<SourcedObject> sources)
    {
        var placed = sources.FindAll(source => source.Manifest.Namespace.Length > 0);
        return placed.Find(source => source.Manifest.Namespace != placed[0].Manifest.Namespace) is { } stray
            ? throw new ManifestException(
                stray.At,
                $"{stray.Manifest} is in another namespace than {placed[0].Manifest} ({placed[0].At}); Secrets and ConfigMaps must "
                    + "be in the namespace of the provider")
            : placed.FirstOrDefault()?.Manifest.Namespace ?? UnknownNamespace;
    }
}
