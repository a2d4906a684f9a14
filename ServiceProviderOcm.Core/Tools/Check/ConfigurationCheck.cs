using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>
/// Checks the ProviderConfig and the objects that it references, by the rules that apply to each OCM. Pure.
/// </summary>
internal static class ConfigurationCheck
{
    // Without a catalog, tenants may choose any tag.
    private const string AnyTag = "0.0.0";
    private const string SeeConditions = "See docs/conditions.md:";

    private static readonly string[] SecretReasons = [Reasons.ImagePullSecretMissing, Reasons.ImagePullSecretWrongType];
    private static readonly string[] BundleReasons = [Reasons.CaBundleMissing, Reasons.CaBundleInvalid];

    public static CheckResult OfConfig(string name, Observation seen)
    {
        if (seen.ProviderConfig is null)
        {
            var identity = seen.Identity;
            return CheckResult.Warning(
                name,
                $"ProviderConfig \"{identity.ProviderName}\" ({identity.Api.ProviderConfig.ApiVersion}) not found on the platform cluster.",
                "Create it (example: deploy/samples/providerconfig.yaml). No OCM is reconciled until it exists.");
        }

        return Faulty(name, Faults(seen).Where(fault => !SecretReasons.Contains(fault.Reason) && !BundleReasons.Contains(fault.Reason)))
            ?? CheckResult.Ok(name, Versions(seen.ProviderConfig) is { Count: > 0 } offered
                ? $"\"{seen.ProviderConfig.Name}\" is valid and offers {string.Join(", ", offered)}."
                : $"\"{seen.ProviderConfig.Name}\" is valid and offers every tag of the chart.");
    }

    public static CheckResult OfPullSecrets(string name, Observation seen) =>
        Faulty(name, Faults(seen).Where(fault => SecretReasons.Contains(fault.Reason)))
        ?? CheckResult.Ok(name, ChartInputs.ReferredSecrets(seen.ProviderConfig) is { Count: > 0 } names
            ? $"{string.Join(", ", names.Order(StringComparer.Ordinal))}: found, with the required type."
            : "The ProviderConfig references none.");

    public static CheckResult OfCaBundle(string name, Observation seen) =>
        seen.CaBundle is { Fault: { } fault } && BundleReasons.Contains(fault.Reason)
            ? Faulty(name, [fault])!
            : CheckResult.Ok(name, CaBundle.ReferredConfigMaps(seen.ProviderConfig).FirstOrDefault() is { } configMap
                ? $"The certificates in ConfigMap {configMap} are valid."
                : "The ProviderConfig references none.");

    private static CheckResult? Faulty(string name, IEnumerable<Verdict> faults)
    {
        var all = faults.DistinctBy(fault => fault.Message).ToList();
        return all.Count == 0
            ? null
            : CheckResult.Failed(
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
