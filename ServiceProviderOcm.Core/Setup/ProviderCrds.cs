using System.Reflection;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>The CustomResourceDefinitions of the served kinds, for any API group.</summary>
public static class ProviderCrds
{
    /// <summary>The label of a definition that says which cluster it goes to: <c>onboarding</c> or <c>platform</c>.</summary>
    public const string ClusterLabel = "openmcp.cloud/cluster";

    private const string Folder = "crds/";

    /// <summary>The definitions, as <c>deploy/crds</c> has them, with their names in this group.</summary>
    public static IReadOnlyList<KubeObject> Of(ProviderApi api)
    {
        var assembly = typeof(ProviderCrds).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .SelectMany(name => YamlManifests.Parse(Read(assembly, name)))
                .Select(definition => InGroup(api, definition)),
        ];
    }

    private static KubeObject InGroup(ProviderApi api, JsonObject definition)
    {
        definition["metadata"]!["name"] = $"{definition["spec"]!["names"]!["plural"]}.{api.Group}";
        definition["spec"]!["group"] = api.Group;
        return KubeObject.From(definition);
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
