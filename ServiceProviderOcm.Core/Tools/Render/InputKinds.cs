using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>The kinds that can be rendered, or that rendering takes into account.</summary>
internal static class InputKinds
{
    private static readonly ResourceKind[] Fixed = [Kinds.Secret, Kinds.ConfigMap, PlatformKinds.AccessRequest, Kinds.Namespace];

    /// <summary>The kind of an object.</summary>
    /// <exception cref="ManifestException">It is none of those.</exception>
    public static ResourceKind Of(SourcedObject source, string? apiGroup)
    {
        var (apiVersion, kind) = TypeOf(source);
        ResourceKind[] own = [.. (apiGroup is null ? ProviderApi.KnownGroups : [apiGroup]).Select(group => new ProviderApi(group))
            .SelectMany(api => new[] { api.Ocm, api.ProviderConfig })];
        return Fixed.Concat(own).FirstOrDefault(each => each.ApiVersion == apiVersion && each.Kind == kind)
            ?? throw Unknown(source.At, apiVersion, kind, own);
    }

    /// <summary>Whether the kind's API group is the same for every provider.</summary>
    public static bool IsFixed(SourcedObject source) => Array.Exists(Fixed, each => (each.ApiVersion, each.Kind) == TypeOf(source));

    /// <summary>The one API group of these OCMs and ProviderConfigs.</summary>
    /// <exception cref="ManifestException">They are of several.</exception>
    public static ProviderApi ServedApi(IReadOnlyList<SourcedObject> own)
    {
        if (own.Count == 0)
        {
            return new ProviderApi(ProviderApi.DefaultGroup);
        }

        var first = own[0];
        return own.FirstOrDefault(each => GroupOf(each) != GroupOf(first)) is { } other
            ? throw new ManifestException(
                other.At,
                $"{other.Manifest} is of API group {GroupOf(other)}, but {first.Manifest} ({first.At}) of {GroupOf(first)}; all "
                    + "must be of the same group")
            : new ProviderApi(GroupOf(first));
    }

    private static (string ApiVersion, string Kind) TypeOf(SourcedObject source) =>
        (source.Manifest.Json.Text("apiVersion") ?? "", source.Manifest.Json.Text("kind") ?? "");

    private static string GroupOf(SourcedObject source) => TypeOf(source).ApiVersion.Split('/')[0];

    private static ManifestException Unknown(SourcePosition at, string apiVersion, string kind, ResourceKind[] own)
    {
        if (Array.FindAll(own, each => each.Kind == kind) is { Length: > 0 } namesakes)
        {
            return new ManifestException(
                at,
                $"{kind} has apiVersion \"{apiVersion}\"; expected {string.Join(" or ", namesakes.Select(each => each.ApiVersion))}, "
                    + "or set another group with --api-group");
        }

        return kind.Length == 0
            ? new ManifestException(at, "kind is missing")
            : new ManifestException(
                at,
                $"unknown kind {kind} ({apiVersion}); supported kinds: "
                    + $"{string.Join(", ", own.Concat(Fixed).Select(each => each.Kind).Distinct())}");
    }
}
