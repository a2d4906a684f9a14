using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>All that is wrong with a ProviderConfig, with the field's JSON path: invalid fields, and references to unusable objects.</summary>
public static class ConfigurationErrors
{
    /// <summary>The errors, over all versions on offer.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="config">The ProviderConfig.</param>
    /// <param name="secrets">The Secrets that it refers to and that exist, by name.</param>
    /// <param name="caBundle">The CA bundle that it refers to.</param>
    public static IReadOnlyList<ConfigIssue> Of(
        Identity identity, InstallConfig config, IReadOnlyDictionary<string, KubeObject> secrets, CaBundle caBundle) =>
    [
        .. config.Errors
            .Concat(config.Sources.SelectMany(source => OfReferences(identity, secrets, source)))
            .Concat(caBundle.HasError(out var error) ? [Unusable("spec.caBundleRef", error)] : [])
            .Distinct(),
    ];

    private static IEnumerable<ConfigIssue> OfReferences(
        Identity identity, IReadOnlyDictionary<string, KubeObject> secrets, ChartSource source) =>
    [
        .. InputChecks.OfReferences(identity, secrets, CaBundle.None, source with { ToolkitPullSecrets = [], Verification = null })
            .Select(error => Unusable(source.PullSecretPath, error)),
        .. InputChecks.OfReferences(identity, secrets, CaBundle.None, source with { PullSecret = "", Verification = null })
            .Select(error => Unusable($"{source.ValuesPath}.manager.imagePullSecrets", error)),
        .. InputChecks.OfReferences(identity, secrets, CaBundle.None, source with { PullSecret = "", ToolkitPullSecrets = [] })
            .Select(error => Unusable($"{source.VerificationPath}.secretRef.name", error)),
    ];

    private static ConfigIssue Unusable(string path, ReadyStatus error) => new(path, $"is not usable: {error.Message}", error.State);
}
