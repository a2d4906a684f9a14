using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Tools.Diff;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>What a change of the ProviderConfig would do as text: differences as <c>diff -u</c> writes them, all else in comments.</summary>
internal static class ConfigDiffText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(ConfigDiff diff) => All(diff).Select(PrintableText.OneLine);

    private static IEnumerable<string> All(ConfigDiff diff)
    {
        yield return $"# ProviderConfig {diff.To.Name}: revision {diff.From.Revision} -> {diff.To.Revision}";
        for (var index = 0; index < diff.Differences.Count; index++)
        {
            var difference = diff.Differences[index];
            yield return "#";
            yield return $"# Difference {Text(index + 1)} of {Text(diff.Differences.Count)}: {Text(difference.Ocms.Count)} of "
                + $"{Text(diff.Total)} OCMs, here OCM {difference.Ocms[0]} at revision {difference.FromRevision}";
            foreach (var line in difference.Text)
            {
                yield return line;
            }
        }

        yield return "#";
        foreach (var rejected in diff.Rejected)
        {
            yield return $"# Error: {Text(rejected.Ocms.Count)} of {Text(diff.Total)} OCMs would report {rejected.Reason}, and what is installed "
                + $"stays: {OcmNames.Of(rejected.Ocms)}: {rejected.Message}";
        }

        if (diff.Unknown.Count > 0)
        {
            yield return $"# Unknown: {Text(diff.Unknown.Count)} OCMs are at no stored revision and would be updated: {OcmNames.Of(diff.Unknown)}";
        }

        yield return $"# Unchanged: {Text(diff.Unchanged)} OCMs";
        if (diff.Paused > 0)
        {
            yield return $"# Paused by an annotation: {Text(diff.Paused)} OCMs";
        }

        if (diff.NotInstalled > 0)
        {
            yield return $"# Not installed yet, or being deleted: {Text(diff.NotInstalled)} OCMs";
        }

        if (diff.Unreadable > 0)
        {
            yield return $"# Unreadable, and thus not updated: {Text(diff.Unreadable)} OCMs; their conditions or Events name the object";
        }

        foreach (var line in Stages(diff))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Stages(ConfigDiff diff)
    {
        var (forecast, settings) = (diff.Forecast, diff.To.Rollout);
        if (forecast.Stages.Count > 0)
        {
            yield return "#";
            yield return $"# Rollout if each update succeeds (maxUnavailable {settings.MaxUnavailable}: "
                + $"{Text(settings.MaxUnavailable.Of(diff.Total))} of {Text(diff.Total)} OCMs):";
        }

        if (forecast.IsPaused)
        {
            yield return "# It is paused, and begins when spec.rollout.paused is false, and spec.rollout is valid.";
        }

        for (var index = 0; index < forecast.Stages.Count; index++)
        {
            var stage = forecast.Stages[index];
            yield return $"#   {Text(index + 1)}. {(stage.IsCanary ? "canaries" : "batch")}: {Text(stage.Ocms.Count)} OCMs: {OcmNames.Of(stage.Ocms)}";
        }

        if (forecast.Last.Phase == RolloutPhase.NotOffered)
        {
            yield return "# It is not rolled out, since it can install the version of no OCM.";
        }
        else if (forecast.Last.Phase == RolloutPhase.CanaryFailed)
        {
            yield return $"# The rollout stops with {Text(forecast.Last.Outdated)} OCMs not updated, because a canary has failed: "
                + $"{OcmNames.Of(forecast.Last.FailedCanaries)}. Fix it or the configuration, or remove it from the canaries.";
        }
        else if (forecast.Last is { Phase: not RolloutPhase.Complete } last)
        {
            yield return $"# Then the rollout stops with {Text(last.Outdated)} OCMs not updated: {Text(last.Failed.Count)} have failed, and "
                + $"{Text(last.Unavailable)} are unavailable. Fix these, or raise maxUnavailable or maxFailures.";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
