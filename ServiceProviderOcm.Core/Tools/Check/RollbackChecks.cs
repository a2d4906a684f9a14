using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Report;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks what would be lost if the Go provider v0.4.0 took over (read-only).</summary>
public static class RollbackChecks
{
    private const int NamesShown = 5;
    private const string GroupName = "rollback: API group";
    private const string CatalogName = "rollback: catalogue";
    private const string BundleName = "rollback: CA bundle";
    private const string FieldsName = "rollback: fields of the ProviderConfig";
    private const string RolloutName = "rollback: rollout";
    private const string NamesName = "rollback: names of OCMs";
    private const string AccessName = "rollback: access to the onboarding cluster";

    private static readonly string[] KnownFields = ["versions", "pollInterval"];
    private static readonly string[] KnownEntryFields = ["version", "chartVersion", "chartURL", "chartPullSecret", "helmValues"];

    // What is left of a request's name for that of an OCM before it is shortened.
    private static readonly int LongestName = PlatformNames.MaxNameLength
        - PlatformNames.RequestName(ProviderApi.RenamedGroup, "x", "mcp").Length + 1;

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
        var access = await platform.FindAsync(PlatformKinds.AccessRequest, key, cancellationToken);
        var ocms = onboarding is null
            ? null
            : await onboarding.ListAllAsync(identity.Api.Ocm, new WatchScope { IsMetadataOnly = true }, cancellationToken);
        return Of(identity, config, ocms?.Objects.Select(ocm => ocm.Key).Concat(ocms.Unreadable.Select(ocm => ocm.Key)).ToList(), access);
    }

    /// <summary>The results. Pure.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="config">The ProviderConfig; null if there is none.</param>
    /// <param name="ocms">The OCMs; null if they are not known.</param>
    /// <param name="access">The AccessRequest for the onboarding cluster; null if there is none.</param>
    public static IReadOnlyList<CheckResult> Of(
        Identity identity, KubeObject? config, IReadOnlyList<ObjectKey>? ocms, KubeObject? access) =>
    [
        OfGroup(identity.Api),
        OfCatalog(config),
        OfBundle(config),
        OfFields(config),
        OfRollout(config),
        OfNames(ocms),
        access is null || !access.Labels.ContainsKey(ObjectNames.ProviderLabel(identity.Api))
            ? CheckResult.Ok(AccessName, "Nothing was requested by this controller.")
            : CheckResult.Warning(
                AccessName,
                $"AccessRequest {access.Key} has the permissions of this controller, which are fewer than those of the Go provider.",
                $"Pause or stop this controller, then delete the AccessRequest and ClusterRequest {access.Name}; the Go provider requests both."),
    ];

    private static CheckResult OfGroup(ProviderApi api) => api.Group == ProviderApi.RenamedGroup
        ? CheckResult.Ok(GroupName, $"{api.Group} is the group of the Go provider.")
        : CheckResult.Failed(
            GroupName,
            $"The Go provider serves {ProviderApi.RenamedGroup}, and not {api.Group}.",
            $"Run `migrate --from {api.Group} --to {ProviderApi.RenamedGroup}` before.");

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

    private static CheckResult OfNames(IReadOnlyList<ObjectKey>? ocms)
    {
        if (ocms is null)
        {
            return CheckResult.Skipped(NamesName, "The onboarding cluster is not available.");
        }

        IReadOnlyList<ObjectKey> longer = [.. ocms.Where(ocm => ocm.Name.Length > LongestName).OrderBy(ocm => ocm.ToString(), StringComparer.Ordinal)];
        var limit = LongestName.ToString(CultureInfo.InvariantCulture);
        return longer.Count == 0
            ? CheckResult.Ok(NamesName, $"None is longer than {limit} characters.")
            : CheckResult.Warning(
                NamesName,
                $"{longer.Count.ToString(CultureInfo.InvariantCulture)} OCMs have names longer than {limit} characters, so that their AccessRequests have "
                    + $"shortened names: {string.Join(", ", longer.Take(NamesShown))}{(longer.Count > NamesShown ? ", …" : "")}.",
                "Compare their AccessRequests after the rollback, and delete those that are not used any more.");
    }
}
