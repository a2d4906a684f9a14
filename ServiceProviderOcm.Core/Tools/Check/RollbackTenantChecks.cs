using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks what tenants would lose if the Go provider v0.4.0 took over. Pure.</summary>
internal static class RollbackTenantChecks
{
    private const int NamesShown = 5;
    private const string NamesName = "rollback: names of OCMs";
    private const string DeletionsName = "rollback: OCMs that are being deleted";
    private const string IgnoredName = "rollback: OCMs that are paused";
    private const string CopiesName = "rollback: types of Secret copies";
    private const string PlacedName = "rollback: types of Secrets on control planes";

    // What is left of a request's name for that of an OCM before it is shortened.
    private static readonly int LongestName = PlatformNames.MaxNameLength
        - PlatformNames.RequestName(ProviderApi.RenamedGroup, "x", "mcp").Length + 1;

    public static IEnumerable<CheckResult> Of(Identity identity, RollbackObjects found) =>
    [
        .. found.Ocms is { } ocms
            ? [OfNames([.. ocms.Select(ocm => ocm.Key), .. found.UnreadableOcms]), OfDeletions(ocms), OfIgnored(ocms)]
            : new[] { NamesName, DeletionsName, IgnoredName }.Select(name =>
                CheckResult.Skipped(name, "The onboarding cluster is not available.")),
        .. found.Secrets is { } secrets
            ? [OfCopies(identity, secrets), OfPlaced(identity, found.Config, secrets)]
            : new[] { CopiesName, PlacedName }.Select(name => CheckResult.Skipped(name, $"Secrets cannot be read: {found.SecretsError}")),
    ];

    private static CheckResult OfNames(IReadOnlyList<ObjectKey> ocms)
    {
        IReadOnlyList<ObjectKey> longer = [.. ocms.Where(ocm => ocm.Name.Length > LongestName)];
        var limit = LongestName.ToString(CultureInfo.InvariantCulture);
        return longer.Count == 0
            ? CheckResult.Ok(NamesName, $"None is longer than {limit} characters.")
            : CheckResult.Warning(
                NamesName,
                $"{Count(longer, "OCM")} with names longer than {limit} characters, so that their AccessRequests have shortened names: "
                    + $"{First(longer)}.",
                "Compare their AccessRequests after the rollback, and delete those that are not used any more.");
    }

    private static CheckResult OfDeletions(IReadOnlyList<KubeObject> ocms)
    {
        IReadOnlyList<ObjectKey> blocked =
        [
            .. ocms.Where(ocm => ocm.IsBeingDeleted && ocm.Condition("DeletionBlocked").Text("status") == "True").Select(ocm => ocm.Key),
        ];
        return blocked.Count == 0
            ? CheckResult.Ok(DeletionsName, "None waits for users' objects.")
            : CheckResult.Failed(
                DeletionsName,
                $"{Count(blocked, "OCM")} being deleted, and waiting for users' objects, of which the Go provider considers those of kind Repository "
                    + $"only. It uninstalls the toolkit once there are none of these: {First(blocked)}.",
                "Have the objects that the OCMs name deleted, and wait until the OCMs are gone, before.");
    }

    private static CheckResult OfIgnored(IReadOnlyList<KubeObject> ocms)
    {
        IReadOnlyList<ObjectKey> paused = [.. ocms.Where(Operation.IsIgnore).Select(ocm => ocm.Key)];
        return paused.Count == 0
            ? CheckResult.Ok(IgnoredName, "None is.")
            : CheckResult.Warning(
                IgnoredName,
                $"{Count(paused, "OCM")} with the annotation {Operation.Annotation}: {Operation.Ignore}, which the Go provider does not consider. "
                    + $"It reconciles them, and uninstalls those that are being deleted: {First(paused)}.",
                "Make sure that they may be reconciled; the Go provider cannot exclude them.");
    }

    // The Go provider writes the type of the source, and the API server rejects any change of a type.
    private static CheckResult OfCopies(Identity identity, RollbackSecrets found)
    {
        var types = found.Sources.ToDictionary(source => ObjectNames.SecretCopy(source.Name), source => source.Text("type"), StringComparer.Ordinal);
        IReadOnlyList<ObjectKey> different =
        [
            .. found.Copies
                .Where(copy => copy.Labels.GetValueOrDefault(ObjectNames.ProviderLabel(identity.Api)) == ObjectNames.LabelValue(identity.ProviderName)
                    && types.TryGetValue(copy.Name, out var type) && type != copy.Text("type"))
                .Select(copy => copy.Key),
        ];
        return different.Count == 0
            ? CheckResult.Ok(CopiesName, "All copies of image pull secrets in tenant namespaces have the types of their sources.")
            : CheckResult.Failed(
                CopiesName,
                $"{Count(different, "Secret copy", "Secret copies")} on the platform cluster with another type than the source. The Go provider "
                    + $"cannot update them, and their OCMs fail: {First(different)}.",
                "Pause or stop this controller, then delete these copies; the Go provider creates them again.");
    }

    // Those on control planes are not read. A source of the right type is the usual case, and its copies have its type.
    private static CheckResult OfPlaced(Identity identity, KubeObject? providerConfig, RollbackSecrets found)
    {
        IEnumerable<string> names = providerConfig is { } config
            ? InstallConfigReader.Read(identity, config).Sources.SelectMany(source => source.ToolkitPullSecrets)
            : [];
        IReadOnlyList<ObjectKey> opaque =
        [
            .. found.Sources.Where(source => source.Text("type") == Manifests.OpaqueType && names.Contains(source.Name, StringComparer.Ordinal))
                .Select(source => source.Key),
        ];
        return opaque.Count == 0
            ? CheckResult.Ok(PlacedName, $"No source is of type {Manifests.OpaqueType}.")
            : CheckResult.Warning(
                PlacedName,
                $"{Count(opaque, "source")} of type {Manifests.OpaqueType} in manager.imagePullSecrets: {First(opaque)}. Copies that this controller "
                    + $"has created on control planes are of type {Manifests.PullSecretType}; the Go provider cannot update them, and "
                    + "their OCMs fail.",
                $"Pause or stop this controller, then delete these copies in namespace {ObjectNames.ToolkitNamespace} of the control planes; the Go "
                    + "provider creates them again.");
    }

    private static string Count(IReadOnlyList<ObjectKey> keys, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{keys.Count} {(keys.Count == 1 ? $"{one} is" : $"{several ?? one + "s"} are")}");

    private static string First(IReadOnlyList<ObjectKey> keys) =>
        string.Join(", ", keys.Select(key => ForeignText.Quote(key.ToString())).Order(StringComparer.Ordinal).Take(NamesShown))
            + (keys.Count > NamesShown ? ", …" : "");
}
