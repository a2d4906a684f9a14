using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>What to install, as the OCM and the ProviderConfig say it together.</summary>
/// <param name="Url">The chart's OCI URL with scheme.</param>
/// <param name="Tag">The chart's tag.</param>
/// <param name="PullSecret">The source Secret's name in our pod's namespace, or null if the chart is public.</param>
/// <param name="Values">Helm values, untouched; null for the chart's own.</param>
public sealed record ChartInputs(string Url, string Tag, string? PullSecret, JsonElement? Values)
{
    /// <summary>The source Secrets, by name, that the toolkit's pods pull images with on the control plane.</summary>
    public IReadOnlyList<string> ToolkitPullSecrets => ImagePullSecrets.Names(Values);

    /// <summary>Reads the inputs, or says what is wrong with them.</summary>
    public static (ChartInputs? Inputs, Verdict? Fault) Read(Identity identity, KubeObject ocm, KubeObject? providerConfig)
    {
        if (providerConfig is null)
        {
            return (null, Verdict.Fault(
                Reasons.ProviderConfigMissing,
                $"There is no ProviderConfig \"{identity.ProviderName}\" ({identity.Api.ProviderConfig.ApiVersion}) on the platform "
                    + "cluster; the platform operator has to create it."));
        }

        var version = ocm.Json.Text("spec", "version") ?? "";
        var catalogue = providerConfig.Json.Items("spec", "versions").ToList();
        return catalogue.Count == 0
            ? ReadPlain(providerConfig, version)
            : ReadEntry(providerConfig, version, catalogue);
    }

    /// <summary>The source Secrets that a ProviderConfig refers to, by name.</summary>
    public static IReadOnlySet<string> ReferredSecrets(KubeObject? providerConfig)
    {
        if (providerConfig is null)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }

        var spec = providerConfig.Json.At("spec") ?? default;
        var catalogue = spec.Items("versions").ToList();
        return catalogue.Select(entry => entry.Text("chartPullSecret"))
            .Append(spec.Text("imagePullSecret", "name"))
            .OfType<string>()
            .Where(ObjectName.IsValid)
            .Concat(catalogue.Select(entry => entry.At("helmValues")).Append(spec.At("values")).SelectMany(ImagePullSecrets.Names))
            .ToHashSet(StringComparer.Ordinal);
    }

    private static (ChartInputs?, Verdict?) ReadPlain(KubeObject providerConfig, string version)
    {
        if (OciTag.Problem(version) is { } problem)
        {
            return (null, Verdict.Fault(Reasons.InvalidVersion, $"spec.version {problem}."));
        }

        return Build(
            providerConfig,
            "spec.chartURL",
            providerConfig.Json.Text("spec", "chartURL"),
            version,
            providerConfig.Json.Text("spec", "imagePullSecret", "name"),
            "spec.values",
            providerConfig.Json.At("spec", "values"));
    }

    private static (ChartInputs?, Verdict?) ReadEntry(KubeObject providerConfig, string version, List<JsonElement> catalogue)
    {
        var index = catalogue.FindIndex(entry => entry.Text("version") == version);
        if (index < 0)
        {
            var offered = string.Join(", ", catalogue.Select(entry => entry.Text("version")).OfType<string>());
            return (null, Verdict.Fault(
                Reasons.VersionNotOffered, $"spec.version \"{version}\" is not offered here; choose one of: {offered}."));
        }

        var entry = catalogue[index];
        var path = $"spec.versions[{index}]";
        var tag = entry.Text("chartVersion") ?? "";
        if (OciTag.Problem(tag) is { } problem)
        {
            return (null, Invalid(providerConfig, $"{path}.chartVersion {problem}"));
        }

        return Build(
            providerConfig,
            $"{path}.chartURL",
            entry.Text("chartURL"),
            tag,
            entry.Text("chartPullSecret"),
            $"{path}.helmValues",
            entry.At("helmValues"));
    }

    private static (ChartInputs?, Verdict?) Build(
        KubeObject providerConfig, string urlPath, string? urlText, string tag, string? pullSecret, string valuesPath, JsonElement? values)
    {
        if (!ChartUrl.TryParse(urlText is { Length: > 0 } ? urlText : ChartUrl.Default, out var url, out var problem))
        {
            return (null, Verdict.Fault(
                Reasons.InvalidChartUrl,
                $"{urlPath} of ProviderConfig \"{providerConfig.Name}\": {problem}. The platform operator has to correct it."));
        }

        if (values is { ValueKind: not JsonValueKind.Object })
        {
            return (null, Invalid(providerConfig, $"{valuesPath} has to be an object of Helm values"));
        }

        if (ImagePullSecrets.Problem(values) is { } entryProblem)
        {
            return (null, Invalid(providerConfig, $"{valuesPath}.{entryProblem}"));
        }

        return (new ChartInputs(url, tag, pullSecret is { Length: > 0 } ? pullSecret : null, values), null);
    }

    private static Verdict Invalid(KubeObject providerConfig, string problem) => Verdict.Fault(
        Reasons.InvalidProviderConfig, $"ProviderConfig \"{providerConfig.Name}\": {problem}. The platform operator has to correct it.");
}
