using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Observe;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Decides for one OCM which revision of the configuration it has now. Drift is corrected against that revision.</summary>
internal sealed class TenantRevisions(
    Identity identity, Observer observer, StoredRevisions revisions, FleetRollout rollout, Installations installations)
{
    // What determines which chart is installed.
    private static readonly string[][] ChartFields = [["spec", "url"], ["spec", "ref", "tag"], ["spec", "ref", "digest"]];

    /// <summary>The observation with the configuration of the OCM's revision.</summary>
    /// <param name="observation">The observation with the newest configuration.</param>
    /// <param name="position">Where the OCM is in the rollout; null if that cannot be said now.</param>
    public Observation Resolve(Observation observation, out RolloutPosition? position)
    {
        var newest = observation.Config;
        position = null;
        if (observation.Ocm is not { } ocm || !newest.Exists || newest.IsPaused)
        {
            return observation;
        }

        if (observation.StaleSources.Count > 0)
        {
            // A tenant whose managed objects cannot be read takes no part: it would hold up all others.
            position = observation.StaleSources.All(source => source is StaleSource.Unreadable { IsOfTenant: true })
                ? new RolloutPosition(newest, rollout.RevisionOf(ocm.Key), Member: null)
                : null;
            return observation;
        }

        if (ocm.IsBeingDeleted)
        {
            position = rollout.Outside(ocm.Key, newest);
            return observation;
        }

        var isCanary = RolloutMembers.IsCanary(newest.Rollout, observation.TenantNamespace);
        if ((observation.OciRepository ?? observation.HelmRelease) is not { } installed)
        {
            // Objects that somebody has deleted are created again as they were.
            var stage = (HasChangedItself(ocm) ? null : revisions.Of(ocm.Json.Text("status", "revision") ?? "", newest))
                ?? Stored(rollout.StageOf(ocm.Key, isCanary, newest), newest);
            var awaitsNewest = AwaitsNewest(ocm, stage, newest);
            position = new RolloutPosition(newest, stage.Revision, Member: null) { AwaitsNewest = awaitsNewest };
            return observer.With(observation, stage) with
            {
                Revision = new TenantRevision(new RevisionMarks(stage.Revision)) { AwaitsNewest = awaitsNewest },
            };
        }

        return Resolve(observation, ocm, RevisionMarks.Of(installed, identity.Api), isCanary, out position);
    }

    /// <summary>An OCM was reconciled.</summary>
    /// <param name="ocm">The OCM.</param>
    /// <param name="observation">What was observed last.</param>
    /// <param name="status">Its state.</param>
    /// <param name="position">Where it was in the rollout.</param>
    public void Report(ObjectKey ocm, Observation observation, ReadyStatus status, RolloutPosition? position)
    {
        if (position is not null)
        {
            rollout.Report(ocm, position with
            {
                Member = position.Member is { } member ? WithReadiness(member, observation, status) : null,
            });
        }
    }

    /// <summary>An OCM cannot be read: the rollout does not wait for it.</summary>
    public void Skip(ObjectKey ocm) => rollout.Skip(ocm);

    /// <summary>An OCM is gone.</summary>
    public void Drop(ObjectKey ocm) => rollout.Drop(ocm);

    private Observation Resolve(
        Observation observation, KubeObject ocm, RevisionMarks marks, bool isCanary, out RolloutPosition position)
    {
        var newest = observation.Config;
        var version = ocm.Json.Text("spec", "version") ?? "";
        var own = OwnOf(observation, marks);
        var isOffered = newest.TryResolve(version, out _, out var newestError);
        var isOwnChange = observation.ExceededLimit is null
            && (HasChangedItself(ocm) || (isOffered && own is not null && DoesNotOffer(own, version)))
            && (own is null || !Installations.IsOf(observer.With(observation, own)));
        var isChangeUnrecorded = HasChangedItself(ocm) && revisions.Of(LabelOf(observation, marks), newest) is null;
        var member = RolloutMembers.Of(ocm, marks, newest, isCanary, observation.ExceededLimit is not null, observation.Now) with
        {
            IsUpdated = own is not null && installations.AreSame(own, newest, version),
        };
        position = new RolloutPosition(newest, own?.Revision ?? LabelOf(observation, marks), member);
        if (isOwnChange && StageOf(isCanary, newest) is var stage && (isOffered || stage.TryResolve(version, out _, out _)))
        {
            var awaitsNewest = AwaitsNewest(ocm, stage, newest);

            var isUpdating = stage == newest && marks.Revision == newest.Revision && OutlastsOwnChange(member, observation);
            var changed = isUpdating ? marks : new RevisionMarks(stage.Revision);
            position = position with
            {
                Revision = stage.Revision,
                Member = member with { IsUpdated = stage == newest, UpdatedAt = changed.UpdatedAt },
                AwaitsNewest = awaitsNewest,
            };
            return observer.With(observation, stage) with
            {
                Revision = new TenantRevision(changed)
                {
                    Present = marks.Revision,
                    IsUpdate = true,
                    IsChangeUnrecorded = isChangeUnrecorded,
                    NewestError = newestError,
                    AwaitsNewest = awaitsNewest,
                },
            };
        }

        if (!isOffered)
        {
            // What is installed keeps its own revision, else what its objects say.
            return own is not null && own.TryResolve(version, out var inputs, out _) && !IsOfAnotherVersion(observer.As(observation, own), inputs)
                ? observer.With(observation, own) with
                {
                    Revision = new TenantRevision(marks with { Revision = own.Revision })
                    {
                        Present = marks.Revision,
                        NewestError = newestError,
                    },
                }
                : Retained(observation, own) with
                {
                    Revision = new TenantRevision(marks) { Present = marks.Revision, IsChangeUnrecorded = isChangeUnrecorded },
                };
        }

        if (member.IsUpdated)
        {
            return observation with
            {
                Revision = new TenantRevision(marks with { Revision = newest.Revision }) { Present = marks.Revision },
            };
        }

        if (rollout.GrantOf(ocm.Key, newest) is { } grant)
        {
            var updated = new RevisionMarks(newest.Revision) { UpdatedAt = grant.At, WasReady = grant.WasReady };
            return observation with { Revision = new TenantRevision(updated) { Present = marks.Revision, IsUpdate = true } };
        }

        return own is null
            ? observation with { Revision = new TenantRevision(marks) { IsHeld = true } }
            : observer.With(observation, own) with
            {
                Revision = new TenantRevision(marks with { Revision = own.Revision }) { Present = marks.Revision },
            };
    }

    // A version that is not on offer any more is not installed in place of another. What another field manager has set is drift.
    private static bool IsOfAnotherVersion(Observation observation, ChartInputs inputs)
    {
        if (observation is not { Ocm: { } ocm, OciRepository: { } source })
        {
            return false;
        }

        var wanted = Manifests.OciRepository(observation.Identity, ocm.Key, observation.TenantNamespaceName, inputs, observation.CaBundle);
        return ChartFields.Any(field => source.Text(field) != wanted.Text(field)
            && (source.Text(field) is null || source.Ownership.Applied.Any(path => path.SequenceEqual(field))));
    }

    // The newest revision says what is on offer; all that is installed beside the chart stays that of the own one.
    private Observation Retained(Observation observation, InstallConfig? own) => own is null ? observation
        : observer.With(observation, own) with
        {
            Config = observation.Config with { Access = own.Access, CaBundle = own.CaBundle },
        };

    // Objects without a known label are matched by content; once matched, drift does not hide it. Where several revisions install the same,
    // they are at the one that was rolled out.
    private InstallConfig? OwnOf(Observation observation, RevisionMarks marks)
    {
        var newest = observation.Config;
        return revisions.Of(LabelOf(observation, marks), newest)
            ?? revisions.Of(rollout.RevisionOf(observation.Ocm!.Key), newest)
            ?? Installations.Find(revisions.Configurations(newest), rollout.Current, config => observer.As(observation, config));
    }

    private static string LabelOf(Observation observation, RevisionMarks marks) =>
        marks.LabelOf(observation.Config.Revision, observation.OciRepository, observation.HelmRelease);

    // A revision that is not stored any more is nobody's.
    private InstallConfig Stored(string revision, InstallConfig newest) => revisions.Of(revision, newest) ?? newest;

    private InstallConfig StageOf(bool isCanary, InstallConfig newest) => Stored(rollout.StageOf(isCanary, newest), newest);

    // A change that had to wait, since the own revision has nothing to install for it, is still one.
    private static bool DoesNotOffer(InstallConfig own, string version) =>
        !own.TryResolve(version, out _, out var error) && error.State == OcmState.VersionNotOffered;

    private static bool AwaitsNewest(KubeObject ocm, InstallConfig stage, InstallConfig newest) =>
        ocm.Text("spec", "version") is { } version
        && !stage.TryResolve(version, out _, out _)
        && newest.TryResolve(version, out _, out _);

    // The version is all that an OCM's spec has.
    private static bool HasChangedItself(KubeObject ocm) => ocm.Json.Number("status", "observedGeneration") != ocm.Generation;

    // As it is before anything is done now.
    private static bool OutlastsOwnChange(RolloutMember member, Observation observation) =>
        WithReadiness(member with { IsUpdated = true }, observation, ReadyStatus.Unreported(OcmState.Ignored))
            .OutlastsOwnChange(observation.Config.Rollout, observation.Now);

    private static RolloutMember WithReadiness(RolloutMember member, Observation observation, ReadyStatus status)
    {
        var ocm = observation.Ocm!;
        var (isReady, reason, message) = status.Health == Health.Unreported
            ? (RolloutMembers.IsReady(ocm), ocm.ReadyCondition.Text("reason") ?? "", ocm.ReadyCondition.Text("message") ?? "")
            : (status.Health == Health.Ready, status.Reason, status.Message);
        return RolloutMembers.WithReadiness(
            member, ocm, isReady, reason, message, observation.OciRepository, observation.HelmRelease, observation.Now);
    }
}
