using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// What is installed for an OCM whose version is not on offer, as the objects on the platform cluster say it: what a ProviderConfig says that
/// is no longer there is not known after a restart. A pure function.
/// </summary>
internal static class RetainedChart
{
    /// <summary>What is installed; null if the objects do not say it.</summary>
    public static ChartInputs? Of(Observation observation)
    {
        if (observation is not { OciRepository: { IsBeingDeleted: false } source, HelmRelease: { IsBeingDeleted: false } release }
            || source.Text("spec", "url") is not { Length: > 0 } url
            || source.Text("spec", "ref", "tag") is not { Length: > 0 } tag
            || !ChartVerification.TryRead(source, out var verification))
        {
            return null;
        }

        var values = release.At("spec", "values");
        var chart = new ChartSource(
            url, PullSecretOf(observation, source), ValuesOf(release, values), [.. ImagePullSecrets.Names(values)], [])
        {
            Verification = verification,
        };
        return new ChartInputs(chart, tag)
        {
            Digest = source.Text("spec", "ref", "digest") ?? "",
            Access = observation.Config.Access,
            DriftDetection = DriftDetection.Read(release.At("spec") ?? default, out _),
        };
    }

    private static HelmValues ValuesOf(KubeObject release, JsonElement? values) =>
        release.Shared.Covers(HelmValues.Path) ? HelmValues.Of(release.Shared)
        : values is { ValueKind: JsonValueKind.Object } given ? HelmValues.Of(given)
        : HelmValues.Default;

    // There is at most one copy of a pull secret; others are pruned. Only the copy's name is known: where it is shortened, so is the source's
    // name here, whose copy has the same name.
    private static string PullSecretOf(Observation observation, KubeObject source) => observation.SecretCopies
        .Where(copy => copy.At("data", Manifests.PullSecretKeyOf(copy)) is not null)
        .Select(copy => copy.Name)
        .Where(name => name.StartsWith(ObjectNames.SecretCopyPrefix, StringComparison.Ordinal))
        .OrderByDescending(name => name == source.Text("spec", "secretRef", "name"))
        .ThenBy(name => name, StringComparer.Ordinal)
        .Select(name => name[ObjectNames.SecretCopyPrefix.Length..])
        .FirstOrDefault() ?? "";
}
