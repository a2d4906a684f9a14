using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks what would be lost if the Go provider v0.4.0 took over (read-only).</summary>
public static class RollbackChecks
{
    private const string GroupName = "rollback: API group";
    private const string CatalogName = "rollback: catalogue";
    private const string BundleName = "rollback: CA bundle";
    private const string FieldsName = "rollback: fields of the ProviderConfig";
    private const string RolloutName = "rollback: rollout";
    private const string AccessName = "rollback: access to the onboarding cluster";

    private static readonly string[] KnownFields = ["versions", "pollInterval"];
    private static readonly string[] KnownEntryFields = ["version", "chartVersion", "chartURL", "chartPullSecret", "helmValues"];

    /// <summary>Reads both clusters and checks.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="onboarding">The onboarding cluster; null if there is no access.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request failed.</exception>
    public static async Task<IReadOnlyList<CheckResult>> RunAsync(
        Identity identity, IKubernetesApi platform, IKubernetesApi? onboarding, CancellationToken cancellationToken)
    {
        var config = await platform.FindAsync(
            identity.Api.ProviderConfig, ObjectKey.ClusterScoped(identity.ProviderName), cancellationToken);
        var key = OnboardingRequests.Key(identity, OnboardingPurpose.Run(identity.Api));
        var ocms = onboarding is null ? null : await onboarding.ListAllAsync(identity.Api.Ocm, WatchScope.Everything, cancellationToken);
        var (secrets, secretsError) = await SecretsAsync(identity, platform, config, cancellationToken);
        return Of(identity, new RollbackObjects
        {
            Config = config,
            Ocms = ocms?.Objects,
            UnreadableOcms = [.. ocms?.Unreadable.Select(ocm => ocm.Key) ?? []],
            Access = await platform.FindAsync(PlatformKinds.AccessRequest, key, cancellationToken),
            Secrets = secrets,
            SecretsError = secretsError,
        });
    }

    // Whoever may not read Secrets learns the other losses all the same.
    private static async Task<(RollbackSecrets? Secrets, string Error)> SecretsAsync(
        Identity identity, IKubernetesApi platform, KubeObject? config, CancellationToken cancellationToken)
    {
        try
        {
            return (await RollbackSecrets.ReadAsync(identity, platform, config, cancellationToken), "");
        }
        catch (KubernetesApiException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>The results. Pure.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="found">What exists.</param>
    public static IReadOnlyList<CheckResult> Of(Identity identity, RollbackObjects found) =>
    [
        OfGroup(identity.Api),
        OfCatalog(found.Config),
        OfBundle(found.Config),
        OfFields(found.Config),
        OfRollout(found.Config),
        .. RollbackTenantChecks.Of(identity, found),
        OfAccess(identity, found.Access),
    ];

    private static CheckResult OfGroup(ProviderApi api) => api.Group == ProviderApi.RenamedGroup
        ? CheckResult.Ok(GroupName, $"{api.Group} is the group of the Go provider.")
        : CheckResult.Failed(
            GroupName,
            $"The Go provider serves {ProviderApi.RenamedGroup}, and not {api.Group}.",
            $"Run `migrate --from {api.Group} --to {ProviderApi.RenamedGroup}` before.");

    private static CheckResult OfAccess(Identity identity, KubeObject? access) =>
        access is null || !access.Labels.ContainsKey(ObjectNames.ProviderLabel(identity.Api))
            ? CheckResult.Ok(AccessName, "Nothing was requested by this controller.")
            : CheckResult.Warning(
                AccessName,
                $"AccessRequest {access.Key} has the permissions of this controller, which are fewer than those of the Go provider.",
                $"Pause or stop this controller, then delete the AccessRequest and ClusterRequest {access.Name}; the Go provider requests both.");

    private static CheckResult OfCatalog(KubeObject? config) => config?.Json.Items("spec", "versions").Any() is true
        ? CheckResult.Ok(CatalogName, "spec.versions is set.")
        : CheckResult.Failed(
            CatalogName,
            "The ProviderConfig has no spec.versions, without which the Go provider installs nothing.",
            "Add an entry for each version that an OCM has, with chartURL, chartPullSecret and helmValues.");

    private static CheckResult OfBundle(KubeObject? config) => config?.At("spec", "caBundleRef") is null
        ? CheckResult.Ok(BundleName, "None is configured.")
        : CheckResult.Warning(
            BundleName,
            "The Go provider knows no CA bundle: charts and images from registries with a private CA are not pulled any more.",
            "Have the registry use a well-known CA, or add the CA to Flux and the nodes.");

    private static CheckResult OfFields(KubeObject? config)
    {
        IReadOnlyList<string> ignored = config?.At("spec") is { } spec
            ?
            [
                .. Unknown(spec, KnownFields).Select(name => $"spec.{name}"),
                .. spec.Items("versions").SelectMany(entry => Unknown(entry, KnownEntryFields)).Distinct().Select(name => $"spec.versions[].{name}"),
            ]
            : [];
        return ignored.Count == 0
            ? CheckResult.Ok(FieldsName, "The Go provider knows all that are set.")
            : CheckResult.Warning(
                FieldsName,
                $"The Go provider ignores: {ForeignText.Quote(string.Join(", ", ignored))}.",
                "Put chart, pull secret and values into spec.versions. The rest has no counterpart.");

        static IEnumerable<string> Unknown(JsonElement fields, IReadOnlyList<string> known) => fields.ValueKind == JsonValueKind.Object
            ? fields.EnumerateObject().Select(field => field.Name).Where(name => !known.Contains(name))
            : [];
    }

    private static CheckResult OfRollout(KubeObject? config) => config is null || RolloutRecord.Unfinished(config) is not { } unfinished
        ? CheckResult.Ok(RolloutName, "None is under way.")
        : CheckResult.Failed(
            RolloutName,
            $"The rollout of the ProviderConfig {unfinished}. The Go provider knows no stages: it applies the spec to all OCMs at once.",
            "Complete the rollout, or return to the earlier spec, before.");
}
