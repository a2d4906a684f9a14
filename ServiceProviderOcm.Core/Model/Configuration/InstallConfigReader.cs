using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>Parses and validates ProviderConfigs. A pure function.</summary>
public static class InstallConfigReader
{
    // What is written recurses on them.
    private const int DeepestValues = 250;

    private static readonly string[] IgnoredBesideCatalog = ["chartURL", "imagePullSecret", "values"];

    /// <summary>Reads a ProviderConfig; what is wrong with it is in the result.</summary>
    public static InstallConfig Read(Identity identity, KubeObject providerConfig)
    {
        var spec = providerConfig.Json.At("spec") ?? default;
        List<ConfigIssue> warnings = [];
        var caBundle = ReadCaBundle(spec, out var bundleErrors);
        var driftDetection = DriftDetection.Read(spec, out var driftErrors);
        var interval = ReadPollInterval(spec, warnings);
        var verification = ChartVerification.Read(spec, "spec", warnings, out var verifyErrors);
        var catalog = spec.Items("versions").Select((entry, index) => ReadVerified(entry, $"spec.versions[{index}]")).ToList();
        var chart = ReadSource(
            new SourceFields(spec, "spec", "chartURL", "values"), spec.Text("imagePullSecret", "name") ?? "", verifyErrors) with
        {
            Verification = verification,
        };
        if (catalog.Count > 0)
        {
            warnings.AddRange(CatalogWarnings.Of(catalog));
            warnings.AddRange(IgnoredBesideCatalog
                .Where(field => spec.At(field) is not null && !IsDefault(spec, field))
                .Select(field => new ConfigIssue($"spec.{field}", "has no effect beside spec.versions")));
        }

        var needsObjects = caBundle != CaBundleReference.None
            || catalog.Select(entry => entry.Source).DefaultIfEmpty(chart).Any(source => source.ToolkitPullSecrets.Count > 0);
        var access = ControlPlaneAccess.Read(spec, needsObjects, out var accessErrors);
        return new InstallConfig
        {
            Exists = true,
            Name = providerConfig.Name,
            ApiVersion = identity.Api.ProviderConfig.ApiVersion,
            PollInterval = interval,
            Catalog = [.. catalog.Select(entry => entry with { Source = WithBundle(entry.Source) })],
            Chart = WithBundle(chart),
            CaBundle = caBundle,
            DriftDetection = driftDetection,
            Revision = ConfigRevision.Of(spec),
            RevisionHistoryLimit = ReadHistoryLimit(spec, warnings),
            Rollout = RolloutSettings.Read(spec),
            Access = access,
            IsPaused = Operation.IsIgnore(providerConfig),
            SecretNames = catalog.Select(entry => entry.Source).Append(chart).SelectMany(SecretsOf).ToHashSet(StringComparer.Ordinal),
            ConfigMapNames = new[] { caBundle.Name }.Where(DnsNames.IsSubdomain).ToHashSet(StringComparer.Ordinal),
            Warnings = warnings,
        };

        // An entry's own verification takes the place of the common one.
        CatalogEntry ReadVerified(JsonElement json, string path)
        {
            var entry = ReadEntry(json, path);
            var own = ChartVerification.Read(json, path, warnings, out var ownErrors);
            return entry with
            {
                Source = json.At("verify") is null
                    ? entry.Source with { Verification = verification, Errors = [.. entry.Source.Errors, .. verifyErrors] }
                    : entry.Source with
                    {
                        Verification = own,
                        VerificationPath = $"{path}.verify",
                        Errors = [.. entry.Source.Errors, .. ownErrors],
                    },
            };
        }

        ChartSource WithBundle(ChartSource source) =>
            source with { Errors = [.. source.Errors, .. bundleErrors, .. driftErrors, .. accessErrors, .. NameClashes.Of(source, caBundle)] };
    }

    private static CatalogEntry ReadEntry(JsonElement entry, string path)
    {
        var tag = entry.Text("chartVersion") ?? "";
        var digest = entry.Text("chartDigest") ?? "";
        ConfigIssue[] errors =
        [
            .. OciTag.TryParse(tag, out var error) ? Array.Empty<ConfigIssue>() : [new ConfigIssue($"{path}.chartVersion", error)],
            .. digest.Length == 0 || OciDigest.IsValid(digest)
                ? Array.Empty<ConfigIssue>()
                : [new ConfigIssue($"{path}.chartDigest", "must be \"sha256:\" and 64 hexadecimal digits in lower case")],
        ];
        return new CatalogEntry(
            entry.Text("version") ?? "",
            tag,
            ReadSource(new SourceFields(entry, path, "chartURL", "helmValues"), entry.Text("chartPullSecret") ?? "", errors) with
            {
                PullSecretPath = $"{path}.chartPullSecret",
            })
        {
            Digest = digest,
            Deprecation = entry.At("deprecated") is { ValueKind: JsonValueKind.Object } deprecated
                ? new Deprecation(deprecated.Text("message") ?? "", deprecated.Text("replacement") ?? "")
                : null,
        };
    }

    private static ChartSource ReadSource(SourceFields fields, string pullSecret, IEnumerable<ConfigIssue> errors)
    {
        var urlText = fields.Owner.Text(fields.Url) is { Length: > 0 } text ? text : ChartUrl.Default;
        var isUrl = ChartUrl.TryParse(urlText, out var url, out var error);
        var values = fields.Owner.At(fields.Values);
        var areValues = values is null or { ValueKind: JsonValueKind.Object };
        var areTooDeep = values?.Exceeds(DeepestValues) is true;
        var valuesPath = $"{fields.Path}.{fields.Values}";
        return new ChartSource(
            url ?? "",
            pullSecret,
            values is { ValueKind: JsonValueKind.Object } given && !areTooDeep ? HelmValues.Of(given) : HelmValues.Default,
            [.. ImagePullSecrets.Names(values)],
            [
                .. errors,
                .. isUrl ? Array.Empty<ConfigIssue>() : [new ConfigIssue($"{fields.Path}.{fields.Url}", error!, OcmState.ChartUrlInvalid)],
                .. areValues ? Array.Empty<ConfigIssue>() : [new ConfigIssue(valuesPath, "must be an object of Helm values")],
                .. areTooDeep
                    ? [new ConfigIssue(valuesPath, $"must not be nested deeper than {DeepestValues} levels")]
                    : Array.Empty<ConfigIssue>(),
                .. ImagePullSecrets.Invalid(values).Select(
                    path => new ConfigIssue($"{valuesPath}.{path}", "must be an object with the name of a Secret")),
            ])
        {
            ValuesPath = valuesPath,
        };
    }

    private static CaBundleReference ReadCaBundle(JsonElement spec, out IReadOnlyList<ConfigIssue> errors)
    {
        errors = [];
        if (spec.At("caBundleRef") is not { } reference)
        {
            return CaBundleReference.None;
        }

        if (reference.Text("name") is { } name && DnsNames.IsSubdomain(name) && reference.Text("key") is { Length: > 0 } key)
        {
            return new CaBundleReference(name, key, reference.At("injectIntoToolkit") is { ValueKind: JsonValueKind.True });
        }

        errors = [new ConfigIssue("spec.caBundleRef", "must have the name of a ConfigMap and a key")];
        return CaBundleReference.None;
    }

    private static TimeSpan ReadPollInterval(JsonElement spec, List<ConfigIssue> warnings)
    {
        const string Path = "spec.pollInterval";
        if (spec.At("pollInterval") is null)
        {
            return InstallConfig.DefaultPollInterval;
        }

        var isDuration = GoDuration.TryParse(spec.Text("pollInterval") ?? "", out var interval) && interval > TimeSpan.Zero;
        if (!isDuration)
        {
            warnings.Add(new ConfigIssue(Path, "is not a positive Go duration, such as 90s or 5m; 1m is used"));
            return InstallConfig.DefaultPollInterval;
        }

        if (interval < InstallConfig.ShortestPollInterval)
        {
            warnings.Add(new ConfigIssue(Path, "is shorter than 1s; 1s is used"));
            return InstallConfig.ShortestPollInterval;
        }

        return interval;
    }

    private static int ReadHistoryLimit(JsonElement spec, List<ConfigIssue> warnings)
    {
        const string Field = "revisionHistoryLimit";
        var isValid = spec.Number(Field) is >= 0 and <= int.MaxValue;
        if (!isValid && spec.At(Field) is not null)
        {
            warnings.Add(new ConfigIssue($"spec.{Field}", $"is not a number from 0; {InstallConfig.DefaultRevisionHistoryLimit} is used"));
        }

        return isValid ? (int)spec.Number(Field)!.Value : InstallConfig.DefaultRevisionHistoryLimit;
    }

    // The CRD fills in the default URL even where there is a catalogue.
    private static bool IsDefault(JsonElement spec, string field) => spec.Text(field) == ChartUrl.Default;

    private static IEnumerable<string> SecretsOf(ChartSource source) =>
        source.ToolkitPullSecrets.Append(source.PullSecret).Append(source.Verification?.Secret ?? "").Where(DnsNames.IsSubdomain);

    private readonly record struct SourceFields(JsonElement Owner, string Path, string Url, string Values);
}
