using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The chart that an OCIRepository has pulled: <c>status.artifact.revision</c>, a tag with a digest, or only a digest.</summary>
/// <param name="Revision">The revision; empty without an artifact.</param>
/// <param name="Tag">The tag; empty if the digest is pinned.</param>
/// <param name="Digest">The digest of the OCI artifact, such as <c>sha256:…</c>.</param>
public sealed record ChartArtifact(string Revision, string Tag, string Digest)
{
    // helm-controller appends the first 12 digits of the digest to the version of the chart.
    private const int LengthOfDigestInVersion = 12;

    /// <summary>Reads the status of an OCIRepository.</summary>
    public static ChartArtifact Of(KubeObject source)
    {
        var revision = source.Text("status", "artifact", "revision") ?? "";
        var at = revision.IndexOf('@', StringComparison.Ordinal);
        return at >= 0 ? new ChartArtifact(revision, revision[..at], revision[(at + 1)..])
            : revision.Contains(':', StringComparison.Ordinal) ? new ChartArtifact(revision, "", revision)
            : new ChartArtifact(revision, revision, "");
    }

    /// <summary>Whether it is what the spec of the OCIRepository asks for: a pinned digest, or else a tag.</summary>
    /// <param name="source">The OCIRepository.</param>
    public bool IsWantedBy(KubeObject source) => Revision.Length > 0
        && (source.Text("spec", "ref", "digest") is { Length: > 0 } digest ? Digest == digest
            : source.Text("spec", "ref", "tag") is not { Length: > 0 } tag || Tag == tag);

    /// <summary>
    /// Whether a snapshot in the history of a HelmRelease is of this chart. helm-controller writes the digest of the OCI artifact; earlier
    /// versions write its beginning behind the version of the chart, unless digest tracking is disabled. Without either, the digest of the last
    /// attempt decides: helm-controller writes it only after Ready has become Unknown. The version decides where that is missing, too. If the last
    /// attempt was of another chart, the latest snapshot is not written yet.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="lastAttemptedRevision">The version of the chart that was released last, from the status of the HelmRelease.</param>
    /// <param name="lastAttemptedDigest">The digest of the OCI artifact that was released last, from the status of the HelmRelease.</param>
    public bool IsChartOf(JsonElement snapshot, string lastAttemptedRevision, string lastAttemptedDigest)
    {
        if (snapshot.Text("ociDigest") is { Length: > 0 } digest)
        {
            return digest == Digest && (lastAttemptedDigest.Length == 0 || lastAttemptedDigest == Digest);
        }

        var version = snapshot.Text("chartVersion") ?? "";
        return EndsWithDigest(version)
            ? lastAttemptedDigest.Length > 0 ? lastAttemptedDigest == Digest
                : lastAttemptedRevision.Length == 0 || EndsWithDigest(lastAttemptedRevision)
            : lastAttemptedRevision.StartsWith($"{version}+", StringComparison.Ordinal)
                ? EndsWithDigest(lastAttemptedRevision)
                : version.Length > 0 && IsLastAttempt(lastAttemptedDigest) && IsVersionOfTag(version);
    }

    // A pinned digest, and a tag that names no version, say nothing of the version.
    private bool IsLastAttempt(string lastAttemptedDigest) =>
        lastAttemptedDigest.Length > 0 ? lastAttemptedDigest == Digest : NamesVersion;

    private bool NamesVersion => char.IsAsciiDigit(Tag.TrimStart('v').FirstOrDefault());

    private bool EndsWithDigest(string version)
    {
        var hex = Digest[(Digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return hex.Length >= LengthOfDigestInVersion
            && version.EndsWith($"+{hex[..LengthOfDigestInVersion]}", StringComparison.Ordinal);
    }

    // A tag cannot contain '+', for which Helm writes '_'. A tag without digits and dots, such as "latest", names no version.
    private bool IsVersionOfTag(string version) =>
        !NamesVersion
            ? !version.Contains('+', StringComparison.Ordinal)
            : Normalized(version) == Normalized(Tag.Replace('_', '+'));

    private static string Normalized(string version)
    {
        var trimmed = version.StartsWith('v') ? version[1..] : version;
        var end = trimmed.AsSpan().IndexOfAny('-', '+');
        var (numbers, rest) = end < 0 ? (trimmed, "") : (trimmed[..end], trimmed[end..]);
        return $"{numbers}{string.Concat(Enumerable.Repeat(".0", Math.Max(0, 2 - numbers.Count(character => character == '.'))))}{rest}";
    }
}
