using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Describe;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>An OCM with all its objects as text, in the form of <c>kubectl describe</c>.</summary>
internal static class ChainText
{
    private const string None = "-";

    /// <summary>The lines.</summary>
    /// <param name="chain">The OCM with its objects.</param>
    /// <param name="now">The time, from which ages are counted.</param>
    public static IEnumerable<string> Lines(OcmChain chain, DateTimeOffset now) =>
        Head(chain, now).Concat(Objects(chain, now)).Concat(Events(chain, now)).Append("").Append($"Next Step:  {chain.NextStep}")
            .Select(PrintableText.OneLine);

    private static IEnumerable<string> Head(OcmChain chain, DateTimeOffset now)
    {
        var ocm = chain.Ocm;
        yield return $"OCM:               {ocm.Key}";
        yield return $"Version:           {OrNone(ocm.Version)}";
        yield return $"Revision:          {OrNone(ocm.Revision)}{UpdateOf(ocm.Update)}";
        yield return $"Phase:             {OrNone(ocm.Phase)}{(ocm.Since is { } since ? $", for {Age.Of(now - since)}" : "")}";
        yield return $"Reason:            {OrNone(ocm.Reason)}";
        yield return $"Message:           {ocm.Message}";
        yield return $"Tenant Namespace:  {ocm.TenantNamespace}";
        if (chain.Rollout is { } rollout)
        {
            yield return RolloutText.Line(rollout);
        }
    }

    private static IEnumerable<string> Objects(OcmChain chain, DateTimeOffset now)
    {
        yield return "";
        yield return "Objects:";
        var cluster = "";
        foreach (var each in chain.Objects)
        {
            if (each.Cluster != cluster)
            {
                cluster = each.Cluster;
                yield return $"  {cluster}:";
            }

            yield return $"    {each.Kind.Kind} {each.Key.Shown}: {PresenceOf(each, now)}";
            foreach (var condition in each.Conditions)
            {
                yield return $"      {condition.Type}={condition.Status}  {OrNone(condition.Reason)}  "
                    + $"{(condition.Since is { } since ? Age.Of(now - since) : None)}  {condition.Message}";
            }
        }
    }

    private static IEnumerable<string> Events(OcmChain chain, DateTimeOffset now)
    {
        yield return "";
        yield return chain.Events.Count == 0 && chain.EventErrors.Count == 0 ? "Events:  none" : "Events:";
        foreach (var each in chain.Events)
        {
            yield return $"  {(each.Time is { } time ? Age.Of(now - time) : None)}  {each.Type}  {each.Reason}  {each.Regarding}  {each.Message}";
        }

        foreach (var error in chain.EventErrors)
        {
            yield return $"  {error}";
        }
    }

    private static string PresenceOf(ChainObject each, DateTimeOffset now) => each.Presence switch
    {
        ChainPresence.Missing => "does not exist",
        ChainPresence.Unknown => each.Error,
        _ => string.Join(", ", ((string[])
        [
            each.IsBeingDeleted ? "being deleted" : "exists",
            each.Phase.Length > 0 ? $"phase {each.Phase}" : "",
            each.Revision.Length > 0 ? $"revision {each.Revision}" : "",
            each.UpdatedAt is { } updated ? $"updated by a rollout {Age.Of(now - updated)} ago" : "",
            each.CreatedAt is { } created ? $"age {Age.Of(now - created)}" : "",
            each.LastChange is { } change ? $"last change {Age.Of(now - change.Time)} ago by {change.Manager} ({OperationOf(change)})" : "",
        ]).Where(part => part.Length > 0)),
    };

    private static string OperationOf(ChainChange change) =>
        change.Subresource.Length > 0 ? $"{change.Operation} of {change.Subresource}" : change.Operation;

    private static string UpdateOf(OcmUpdate? update) => update is null ? ""
        : (update.HasFailed ? ", update failed" : update.IsUpdated ? ", updated" : ", not updated yet") + (update.IsCanary ? ", canary" : "");

    private static string OrNone(string text) => text.Length == 0 ? None : text;
}
