using System.Diagnostics.CodeAnalysis;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// A ProviderConfig, parsed and validated: what the tenants' installations are made from. It is made once per resourceVersion
/// and shared by all OCMs.
/// </summary>
public sealed record InstallConfig
{
    /// <summary>How often each OCM is reconciled even if nothing happens, unless configured otherwise.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromMinutes(1);

    /// <summary>The shortest poll interval that is honoured; it is a safety net, not a clock.</summary>
    public static readonly TimeSpan ShortestPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many revisions are kept beside those in use, unless configured otherwise.</summary>
    public const int DefaultRevisionHistoryLimit = 10;

    /// <summary>Whether the ProviderConfig exists. If not, nothing is on offer.</summary>
    public required bool Exists { get; init; }

    /// <summary>The ProviderConfig's name.</summary>
    public required string Name { get; init; }

    /// <summary>The apiVersion of the ProviderConfig.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>How often each OCM is reconciled even if nothing happens.</summary>
    public TimeSpan PollInterval { get; init; } = DefaultPollInterval;

    /// <summary>The versions on offer; empty if every tag of the <see cref="Chart"/> is.</summary>
    public IReadOnlyList<CatalogEntry> Catalog { get; init; } = [];

    /// <summary>The chart that is installed where there is no catalogue.</summary>
    public ChartSource Chart { get; init; } = ChartSource.None;

    /// <summary>The CA bundle that is trusted besides the well-known authorities.</summary>
    public CaBundleReference CaBundle { get; init; } = CaBundleReference.None;

    /// <summary>What is requested on control planes.</summary>
    public ControlPlaneAccess Access { get; init; } = ControlPlaneAccess.ClusterAdmin;

    /// <summary>How Flux corrects drift on control planes; null if nothing is configured.</summary>
    public DriftDetection? DriftDetection { get; init; }

    /// <summary>The hash of all that determines installations; empty if there is no ProviderConfig.</summary>
    public string Revision { get; init; } = "";

    /// <summary>How many revisions are kept beside those in use.</summary>
    public int RevisionHistoryLimit { get; init; } = DefaultRevisionHistoryLimit;

    /// <summary>How a change of this configuration reaches the OCMs.</summary>
    public RolloutSettings Rollout { get; init; } = RolloutSettings.Default;

    /// <summary>Whether the operation annotation <c>ignore</c> pauses all OCMs.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The names of all Secrets of the provider's namespace that are referred to.</summary>
    public IReadOnlySet<string> SecretNames { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The names of all ConfigMaps of the provider's namespace that are referred to.</summary>
    public IReadOnlySet<string> ConfigMapNames { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Where the charts of all versions on offer come from.</summary>
    public IEnumerable<ChartSource> Sources => Catalog.Count == 0 ? [Chart] : Catalog.Select(entry => entry.Source);

    /// <summary>What prevents installations, over all versions on offer, and rollouts.</summary>
    public IReadOnlyList<ConfigIssue> Errors => [.. Sources.SelectMany(source => source.Errors).Concat(Rollout.Errors).Distinct()];

    /// <summary>What is ignored or replaced by a default.</summary>
    public IReadOnlyList<ConfigIssue> Warnings { get; init; } = [];

    /// <summary>This configuration as an earlier revision that OCMs are at: all that determines no installation is that of the newest.</summary>
    public InstallConfig Beside(InstallConfig newest) => this with
    {
        PollInterval = newest.PollInterval,
        IsPaused = newest.IsPaused,
        Rollout = newest.Rollout,
        RevisionHistoryLimit = newest.RevisionHistoryLimit,
    };

    /// <summary>The configuration where there is no ProviderConfig.</summary>
    public static InstallConfig Missing(Identity identity) =>
        new() { Exists = false, Name = identity.ProviderName, ApiVersion = identity.Api.ProviderConfig.ApiVersion };

    /// <summary>The chart of a version, or the state of an OCM with that version.</summary>
    /// <param name="version"><c>spec.version</c> of the OCM.</param>
    /// <param name="inputs">What to install.</param>
    /// <param name="error">Why it cannot be installed.</param>
    public bool TryResolve(string version, [NotNullWhen(true)] out ChartInputs? inputs, [NotNullWhen(false)] out ReadyStatus? error)
    {
        inputs = null;
        error = null;
        if (!Exists)
        {
            error = new ReadyStatus(
                OcmState.ProviderConfigMissing,
                $"ProviderConfig \"{Name}\" ({ApiVersion}) does not exist on the platform cluster. A platform operator must create it.");
            return false;
        }

        if (Catalog.Count > 0)
        {
            var entry = Catalog.FirstOrDefault(entry => entry.Version == version);
            return entry is null
                ? Fails(NotOffered(version), out error)
                : TrySelect(entry.Source, entry.Tag, entry.Digest, out inputs, out error);
        }

        return OciTag.TryParse(version, out var tagError)
            ? TrySelect(Chart, version, digest: "", out inputs, out error)
            : Fails(new ReadyStatus(OcmState.VersionInvalid, $"spec.version {tagError}."), out error);
    }

    /// <summary>What the users of a version should know of it, although it is installed; null if there is nothing.</summary>
    /// <param name="version"><c>spec.version</c> of the OCM.</param>
    public VersionWarning? WarningOf(string version) =>
        Catalog.FirstOrDefault(entry => entry.Version == version)?.Deprecation is { } deprecation
            ? new VersionWarning(VersionReasons.VersionDeprecated, Describe(version, deprecation))
        : Exists && Catalog.Count == 0 && OciTag.TryParse(version, out _) && OciTag.IsMoving(version)
            ? new VersionWarning(
                VersionReasons.MovingTag,
                $"spec.version {ConfigValue.Quoted(version)}is a moving tag: the toolkit is upgraded whenever the tag is moved. "
                    + "Set it to a full chart version, such as 0.4.0.")
        : null;

    private static string Describe(string version, Deprecation deprecation)
    {
        var message = deprecation.Message.Length > 0 ? $": {ForeignText.Quote(deprecation.Message).TrimEnd('.')}" : "";
        var fix = deprecation.Replacement.Length > 0
            ? $"Set it to \"{ForeignText.Quote(deprecation.Replacement)}\""
            : "Set it to a version that is not deprecated";
        return $"spec.version {ConfigValue.Quoted(version)}is deprecated{message}. {fix}.";
    }

    private static bool Fails(ReadyStatus status, out ReadyStatus error)
    {
        error = status;
        return false;
    }

    private bool TrySelect(
        ChartSource source,
        string tag,
        string digest,
        [NotNullWhen(true)] out ChartInputs? inputs,
        [NotNullWhen(false)] out ReadyStatus? error)
    {
        inputs = source.Errors.Count == 0
            ? new ChartInputs(source, tag) { Digest = digest, Access = Access, DriftDetection = DriftDetection }
            : null;
        error = inputs is null ? Describe(source.Errors[0]) : null;
        return inputs is not null;
    }

    /// <summary>The status of an OCM that an issue prevents from being installed.</summary>
    public ReadyStatus Describe(ConfigIssue issue) =>
        new(issue.State, $"ProviderConfig \"{Name}\" is invalid: {issue}. A platform operator must fix it.");

    private ReadyStatus NotOffered(string version) => new(
        OcmState.VersionNotOffered,
        $"spec.version {ConfigValue.Quoted(version)}is not offered. "
            + $"Choose one of: {string.Join(", ", Catalog.Select(entry => ForeignText.Quote(entry.Version)))}.");
}
