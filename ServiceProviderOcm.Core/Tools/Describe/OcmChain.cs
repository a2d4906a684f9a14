using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>An OCM with all its objects, what has happened to them last, and what to do. A pure function of what was read.</summary>
/// <param name="Ocm">The OCM.</param>
/// <param name="Rollout">How far the rollout is; null if that is not known.</param>
/// <param name="Objects">The objects, the OCM first.</param>
/// <param name="Events">The latest Events on them, the latest first.</param>
/// <param name="EventErrors">Why Events were not read.</param>
/// <param name="NextStep">What to do, and who.</param>
public sealed record OcmChain(
    OcmSummary Ocm,
    RolloutSummary? Rollout,
    IReadOnlyList<ChainObject> Objects,
    IReadOnlyList<ChainEvent> Events,
    IReadOnlyList<string> EventErrors,
    string NextStep)
{
    /// <summary>How many Events are shown.</summary>
    public const int MaxEvents = 10;

    /// <summary>Puts together what was read.</summary>
    public static OcmChain Of(ChainInputs inputs)
    {
        var secrets = HeldSecrets.Of(inputs.Secrets);
        var summary = OcmSummary.Of(inputs.Ocm, inputs.Fleet);
        return new OcmChain(
            summary,
            inputs.Rollout,
            [.. inputs.Objects.Select(read => Object(read, inputs, secrets))],
            [
                .. inputs.Events.Where(each => IsOfChain(each, inputs)).Select(each => Event(each, secrets))
                    .OrderByDescending(each => each.Time)
                    .Take(MaxEvents),
            ],
            inputs.EventErrors,
            Describe.NextStep.Of(inputs.Ocm, summary, inputs.Rollout));
    }

    private static ChainObject Object(ReadObject read, ChainInputs inputs, SecretValues secrets)
    {
        if (read.Found is not { } found)
        {
            return new ChainObject(
                read.Cluster, read.Kind, read.Key, read.Error.Length > 0 ? ChainPresence.Unknown : ChainPresence.Missing)
            {
                Error = secrets.Redact(read.Error),
            };
        }

        var marks = RevisionMarks.Of(found, inputs.Api);
        return new ChainObject(read.Cluster, read.Kind, read.Key, ChainPresence.Present)
        {
            Phase = found.Text("status", "phase") ?? "",
            Revision = read.Kind == inputs.Api.Ocm ? found.Text("status", "revision") ?? "" : marks.Revision,
            UpdatedAt = marks.UpdatedAt,
            CreatedAt = found.Json.Moment("metadata", "creationTimestamp"),
            LastChange = ChainChange.LastOf(found, secrets),
            IsBeingDeleted = found.IsBeingDeleted,
            Conditions =
            [
                .. found.Json.Items("status", "conditions").Select(condition => new ChainCondition(
                    condition.Text("type") ?? "",
                    condition.Text("status") ?? "",
                    condition.Text("reason") ?? "",
                    ForeignText.Quote(condition.Text("message"), secrets),
                    condition.Moment("lastTransitionTime"))),
            ],
        };
    }

    private static bool IsOfChain(KubeObject @event, ChainInputs inputs) => inputs.Objects.Any(read =>
        read.Kind.Kind == @event.Text("regarding", "kind")
        && read.Key.Name == @event.Text("regarding", "name")
        && (!read.Kind.IsNamespaced || read.Key.Namespace == @event.Text("regarding", "namespace")));

    private static ChainEvent Event(KubeObject @event, SecretValues secrets) => new(
        @event.Json.Moment("series", "lastObservedTime")
            ?? @event.Json.Moment("deprecatedLastTimestamp")
            ?? @event.Json.Moment("eventTime")
            ?? @event.Json.Moment("metadata", "creationTimestamp"),
        @event.Text("type") ?? "",
        @event.Text("reason") ?? "",
        $"{@event.Text("regarding", "kind")}/{@event.Text("regarding", "name")}",
        ForeignText.Quote(@event.Text("note"), secrets));
}
