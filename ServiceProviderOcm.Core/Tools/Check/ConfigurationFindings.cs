using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>
/// Judges the ProviderConfig and what it refers to, by the checks that decide about each OCM. Pure.
/// </summary>
internal static class ConfigurationFindings
{
    // Where there is no catalogue, any tag will do: tags are the tenants' to choose.
    private const string AnyTag = "0.0.0";
    private const string SeeConditions = "docs/conditions.md says more on";

    private static readonly string[] SecretReasons = [Reasons.ImagePullSecretMissing, Reasons.ImagePullSecretWrongType];
    private static readonly string[] BundleReasons = [Reasons.CaBundleMissing, Reasons.CaBundleInvalid];

    public static Finding OfConfig(string name, Observation seen)
    {
        if (seen.ProviderConfig is null)
        {
            var identity = seen.Identity;
            return Finding.Warning(
                name,
                $"There is no ProviderConfig \"{identity.ProviderName}\" ({identity.Api.ProviderConfig.ApiVersion}) on the platform cluster.",
                "Create it, such as deploy/samples/providerconfig.yaml; until then no OCM is worked on.");
        }

        return Faulty(name, Faults(seen).Where(fault => !SecretReasons.Contains(fault.Reason) && !BundleReasons.Contains(fault.Reason)))
            ?? Finding.Ok(name, Versions(seen.ProviderConfig) is { Count: > 0 } offered
                ? $"\"{seen.ProviderConfig.Name}\" is valid, and offers {string.Join(", ", offered)}."
                : $"\"{seen.ProviderConfig.Name}\" is valid, and offers every tag of the chart.");
    }

    public static Finding OfPullSecrets(string name, Observation seen) =>
        Faulty(name, Faults(seen).Where(fault => SecretReasons.Contains(fault.Reason)))
        ?? Finding.Ok(name, ChartInputs.ReferredSecrets(seen.ProviderConfig) is { Count: > 0 } names
            ? $"{string.Join(", ", names.Order(StringComparer.Ordinal))}: there, and of the right type."
            : "The ProviderConfig names none.");

    public static Finding OfCaBundle(string name, Observation seen) =>
        seen.CaBundle is { Fault: { } fault } && BundleReasons.Contains(fault.Reason)
            ? Faulty(name, [fault])!
            : Finding.Ok(name, CaBundle.ReferredConfigMaps(seen.ProviderConfig).FirstOrDefault() is { } configMap
                ? $"The certificates in ConfigMap {configMap} are valid."
                : "The ProviderConfig names none.");

    private static Finding? Faulty(string name, IEnumerable<Verdict> faults)
    {
        var all = faults.DistinctBy(fault => fault.Message).ToList();
        return all.Count == 0
            ? null
            : Finding.Failed(
                name,
                string.Join(" ", all.Select(fault => fault.Message)),
                $"{SeeConditions} {string.Join(", ", all.Select(fault => fault.Reason).Distinct())}.");
    }

    private static IEnumerable<Verdict> Faults(Observation seen)
    {
        if (seen.ProviderConfig is not { } config)
        {
            return [];
        }

        var versions = Versions(config);
        return (versions.Count == 0 ? [AnyTag] : versions).SelectMany(version =>
        {
            var (inputs, fault) = ChartInputs.Read(seen.Identity, Asking(version), config);
            return fault is not null ? [fault] : InputChecks.OfConfiguration(seen, inputs!);
        });
    }

    private static List<string> Versions(KubeObject config) =>
        [.. config.Json.Items("spec", "versions").Select(entry => entry.Text("version") ?? "")];

    private static KubeObject Asking(string version) =>
        KubeObject.From(new JsonObject { ["spec"] = new JsonObject { ["version"] = version } });
}
