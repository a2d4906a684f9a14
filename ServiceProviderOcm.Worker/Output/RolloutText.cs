using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The rollout as text, in the form of <c>kubectl describe</c>, or in one line.</summary>
internal static class RolloutText
{
    private const string Unknown = "?";

    /// <summary>A field per line, and a line for each OCM that has failed.</summary>
    public static IEnumerable<string> Lines(RolloutSummary rollout, DateTimeOffset now)
    {
        var since = rollout.Since is { } moment ? $", for {Age.Of(now - moment)}" : "";
        yield return $"Rollout:           {PrintableText.OneLine(rollout.ProviderConfig)}: {StateOf(rollout)}{since}";
        yield return $"Current Revision:  {Revision(rollout.CurrentRevision)}";
        yield return $"Update Revision:   {Revision(rollout.UpdateRevision)}";
        yield return $"OCMs:              {CountsOf(rollout)} (max unavailable {rollout.Settings.MaxUnavailable}, "
            + $"max failures {rollout.Settings.MaxFailures})";
        if (rollout.Canaries is { } canaries)
        {
            yield return $"Canaries:          {CanariesOf(canaries)}";
        }

        if (rollout.Message.Length > 0 && rollout.State != RolloutState.Complete)
        {
            yield return $"Message:           {PrintableText.OneLine(rollout.Message)}";
        }

        var title = "Failed:";
        foreach (var failed in rollout.Failed ?? [])
        {
            yield return PrintableText.OneLine(
                $"{title,-18} {failed.Key}{(failed.IsCanary ? " (canary)" : "")}: {failed.Reason}: {failed.Message}");
            title = "";
        }
    }

    /// <summary>All in one line.</summary>
    public static string Line(RolloutSummary rollout) => PrintableText.OneLine(
        $"Rollout {rollout.ProviderConfig}: {StateOf(rollout)}, revision {Revision(rollout.UpdateRevision)}: {CountsOf(rollout)}"
            + (rollout.Canaries is { } canaries ? $"; canaries: {CanariesOf(canaries)}" : "")
            + (rollout.Failed is { Count: > 0 } failed ? $"; failed: {OcmNames.Of([.. failed.Select(each => each.Key)])}" : ""));

    private static string StateOf(RolloutSummary rollout) =>
        rollout.Reason.Length > 0 ? $"{rollout.State} ({PrintableText.OneLine(rollout.Reason)})" : rollout.State.ToString();

    private static string Revision(string revision) => revision.Length == 0 ? "-" : PrintableText.OneLine(revision);

    private static string CountsOf(RolloutSummary rollout) =>
        $"{Number(rollout.Ocms.Updated)} of {Number(rollout.Ocms.Total)} updated, {Number(rollout.Ocms.Ready)} ready, "
            + $"{Number(rollout.Ocms.Unavailable)} unavailable, {Number(rollout.Failed?.Count)} failed";

    private static string CanariesOf(CanaryCounts canaries) =>
        $"{Number(canaries.Updated)} of {Number(canaries.Total)} updated, {(canaries.HavePassed ? "passed" : "not passed yet")}";

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Unknown;
}
