using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Report;

/// <summary>Derives phase, condition, managed resources and Event of an OCM from its state. A pure function.</summary>
public static class StatusReport
{
    /// <summary>How long a new state must last before it is written.</summary>
    public static readonly TimeSpan DebounceDelay = TimeSpan.FromMilliseconds(750);

    private static readonly TimeSpan ProgressDebounceDelay = TimeSpan.FromSeconds(5);

    /// <summary>What to write; <see cref="OcmReport.UpToDate"/> if the status is up to date, or if the state is not reported.</summary>
    public static OcmReport Of(Observation observation, ReadyStatus ready)
    {
        if (ready.Health == Health.Unreported)
        {
            return OcmReport.UpToDate;
        }

        var ocm = observation.Ocm!;
        var old = ocm.ReadyCondition;
        var message = Condition.MessageOf(ready.Message);
        var hasFlipped = old.Text("status") != Condition.StatusOf(ready.Health == Health.Ready);
        var warning = VersionCondition.Of(observation, ready);

        // A change that nothing has been done about is still its owner's once something can be done.
        var isObserved = ready.IsBeingDeleted
            || observation is { ExceededLimit: null, StaleSources.Count: 0, Revision.IsChangeUnrecorded: false };
        var observedGeneration = isObserved
            ? ocm.Generation
            : ocm.Json.Number("status", "observedGeneration") ?? 0;
        var wanted = new JsonObject
        {
            ["observedGeneration"] = observedGeneration,
            ["phase"] = ready.Phase.ToString(),
            ["conditions"] = Conditions.Of(
                ocm,
                observation.Now,
                [
                    new Condition("Ready", ready.Health == Health.Ready, ready.Reason, message),
                    new Condition(
                        "DeletionBlocked", OcmStates.IsDeletionBlocked(ready.State) ? true : null, Reasons.UserResourcesPresent, message),
                    .. warning is null ? Array.Empty<Condition>() : [warning],
                ]),
            ["resources"] = ManagedResources.Of(observation),
        };

        var element = wanted.ToElement();
        var (revision, reported) = (RevisionOf(observation), ocm.Json.Text("status", "revision"));
        if (revision != reported)
        {
            wanted["revision"] = revision;
        }

        // Flux objects that are deleted are created again at the revision that was reported. An OCM that a rollout leaves as it is keeps the
        // label of its objects, and an update that takes a while is reported when it begins and when it ends: neither is written once more.
        var hasMoved = revision is not null && reported is not null && revision != reported;
        if (!hasMoved && ReportedStatus.Has(ocm, element))
        {
            return OcmReport.UpToDate;
        }

        var hasChanged = hasFlipped || old.Text("reason") != ready.Reason;
        return new OcmReport(
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = ocm.ResourceVersion },
                ["status"] = wanted,
            }.ToElement(),
            DebounceDelayFor(ready, ocm))
        {
            ReadyEvent = hasChanged && ready.Health != Health.Pending
                ? Event(observation, ocm, observation.Now, ready.Health == Health.Degraded ? "Warning" : "Normal", ready.Reason, message)
                : null,
            WarningEvent = warning is not null && VersionCondition.IsNew(warning, ocm)
                ? Event(observation, ocm, observation.Now.AddTicks(1), "Warning", warning.Reason, warning.Message)
                : null,
        };
    }

    // Changes to and from Ready, the start of a deletion, and whether it is blocked, are written at once, errors after a short delay,
    // progress after a longer one.
    private static TimeSpan DebounceDelayFor(ReadyStatus ready, KubeObject ocm)
    {
        var oldStatus = ocm.ReadyCondition.Text("status");
        var isTurn = oldStatus is null
            ? ready.Health == Health.Ready
            : (oldStatus == "True") != (ready.Health == Health.Ready)
                || ocm.Json.Text("status", "phase") != ready.Phase.ToString()
                || (ocm.Condition("DeletionBlocked").Text("status") == "True") != OcmStates.IsDeletionBlocked(ready.State);
        return isTurn ? TimeSpan.Zero
            : ready.Health == Health.Pending && oldStatus is not null ? ProgressDebounceDelay
            : DebounceDelay;
    }

    private static string? RevisionOf(Observation observation) =>
        RevisionMarks.Of(observation.OciRepository ?? observation.HelmRelease, observation.Identity.Api).Revision is { Length: > 0 } revision
            ? revision
            : null;

    // The time is in the name, too: Events of one moment must differ in it.
    private static KubeObject Event(
        Observation observation, KubeObject ocm, DateTimeOffset time, string type, string reason, string message) => new EventManifest(
        EventManifest.NameOf(ocm.Name, time),
        EventManifest.ReferenceTo(observation.Identity.Api.Ocm, ocm.Key, ocm.Uid, ocm.ResourceVersion),
        type,
        reason,
        message,
        "Reconcile",
        observation.Identity.ProviderName,
        time).ToObject();
}
