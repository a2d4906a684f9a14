using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks a ProviderConfig and the objects that it refers to, as they are checked for each OCM. A pure function.</summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="config">The ProviderConfig.</param>
/// <param name="secrets">The Secrets that it refers to, by name.</param>
/// <param name="configMap">The ConfigMap that it refers to; null if that does not exist.</param>
internal sealed class ConfigurationCheck(
    Identity identity, InstallConfig config, IReadOnlyDictionary<string, KubeObject> secrets, KubeObject? configMap)
{
    private const string SeeConditions = "See docs/conditions.md:";

    private readonly IReadOnlyList<ReadyStatus> _referenceErrors =
    [
        .. config.Sources.SelectMany(source =>
            InputChecks.OfReferences(identity, secrets, CaBundle.Read(identity, config, configMap), source)),
    ];

    public CheckResult OfConfig(string name)
    {
        if (!config.Exists)
        {
            return CheckResult.Warning(
                name,
                $"ProviderConfig \"{config.Name}\" ({config.ApiVersion}) not found on the platform cluster.",
                "Create it, such as deploy/samples/providerconfig.yaml. Until then, no OCM is installed.");
        }

        if (config.Errors.Count > 0)
        {
            return Failed(name, config.Errors.Select(config.Describe));
        }

        var offer = config.Catalog.Count > 0
            ? string.Join(", ", config.Catalog.Select(entry => entry.Version))
            : "every tag of the chart";
        return config.Warnings.Count == 0
            ? CheckResult.Ok(name, $"\"{config.Name}\" is valid and offers {offer}.")
            : CheckResult.Warning(
                name,
                $"\"{config.Name}\" is valid and offers {offer}, but: {string.Join("; ", config.Warnings)}.",
                "Fix or remove these fields.");
    }

    public CheckResult OfPullSecrets(string name)
    {
        var result = Of(
            name,
            [OcmState.ImagePullSecretMissing, OcmState.ImagePullSecretWrongType],
            PullSecrets.Count > 0
                ? $"{string.Join(", ", PullSecrets.Order(StringComparer.Ordinal))}: found, with the required type."
                : "The ProviderConfig references none.");
        var warnings = config.Sources.SelectMany(source => InputChecks.WarningsOf(identity, secrets, source)).Distinct().ToList();
        return result.Status == CheckStatus.Ok && warnings.Count > 0
            ? CheckResult.Warning(name, string.Join(' ', warnings), "See docs/operations.md, Migrate from the Go provider.")
            : result;
    }

    public CheckResult OfVerification(string name) => Of(
        name,
        [OcmState.VerificationSecretMissing, OcmState.VerificationSecretInvalid],
        config.Sources.All(source => source.Verification is null) ? "Charts are not verified."
            : VerificationSecrets.Count == 0 ? "Charts are verified without a Secret."
            : $"{string.Join(", ", VerificationSecrets.Order(StringComparer.Ordinal))}: found, with the required keys.");

    public CheckResult OfCaBundle(string name) => Of(
        name,
        [OcmState.CaBundleMissing, OcmState.CaBundleInvalid],
        config.CaBundle == CaBundleReference.None
            ? "The ProviderConfig references none."
            : $"The certificates in ConfigMap {config.CaBundle.Name} are valid.");

    private HashSet<string> VerificationSecrets =>
        [.. config.Sources.Select(source => source.Verification?.Secret ?? "").Where(secret => secret.Length > 0)];

    private List<string> PullSecrets => [.. config.SecretNames.Except(VerificationSecrets)];

    private CheckResult Of(string name, OcmState[] states, string ok) =>
        _referenceErrors.Where(error => states.Contains(error.State)).ToList() is { Count: > 0 } errors
            ? Failed(name, errors)
            : CheckResult.Ok(name, ok);

    private static CheckResult Failed(string name, IEnumerable<ReadyStatus> errors)
    {
        var all = errors.DistinctBy(error => error.Message).ToList();
        return CheckResult.Failed(
            name,
            string.Join(" ", all.Select(error => error.Message)),
            $"{SeeConditions} {string.Join(", ", all.Select(error => error.Reason).Distinct())}.");
    }
}
