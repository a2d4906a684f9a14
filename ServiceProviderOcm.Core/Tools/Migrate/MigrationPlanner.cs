using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Tools.Migrate;

/// <summary>
/// What is next in moving an OCM to another API group, from what exists of it: so that a migration continues wherever it was interrupted.
/// The OCM is first excluded from reconciliation in its old group, then copied; its objects are relabelled, and the old ones removed once
/// the new OCM is Ready. The finalizer of the old OCM is removed before its deletion, which therefore uninstalls nothing. The old OCM bears
/// the uid of its copy: if that is gone, it was deleted, and is not created again. Pure.
/// </summary>
/// <param name="from">The provider in the old group.</param>
/// <param name="to">The provider in the new group.</param>
/// <param name="access">What the ProviderConfig requests on control planes; null for what the old AccessRequest has.</param>
public sealed class MigrationPlanner(Identity from, Identity to, ControlPlaneAccess? access = null)
{
    /// <summary>The plan for one OCM.</summary>
    public TenantMigration Plan(TenantObjects tenant) => tenant switch
    {
        { Old: null } => OfRemoved(tenant),
        { IsNewUnknown: true, Old: { } old } when MigrationMarks.IsMoving(old, from.Api) =>
            Wait(tenant, MigrationState.Copying, $"The migration of OCM {old.Key} has begun. What is next depends on its copy ({to.Api.Group}), which is not known."),
        { Old: { IsBeingDeleted: true } old } when !old.Finalizers.Contains(from.Api.Finalizer) =>
            Wait(tenant, MigrationState.Removing, $"Waiting for the finalizers of OCM {old.Key} ({from.Api.Group}): {string.Join(", ", old.Finalizers)}."),
        { Old.IsBeingDeleted: true } or { New.IsBeingDeleted: true } => OfDeleted(tenant, tenant.Old),
        _ => OfExisting(tenant, tenant.Old),
    };

    private TenantMigration OfExisting(TenantObjects tenant, KubeObject old)
    {
        var isMoving = MigrationMarks.IsMoving(old, from.Api);
        if (!isMoving && Operation.IsIgnore(old))
        {
            return Wait(tenant, MigrationState.Blocked, $"OCM {old.Key} ({from.Api.Group}) is not reconciled, as its annotation {Operation.Annotation} "
                + "says. Remove the annotation.");
        }

        var copyUid = MigrationMarks.CopyUid(old, from.Api);
        if (copyUid.Length > 0 && tenant.New is null)
        {
            return OfDeletedCopy(tenant, old);
        }

        if (copyUid.Length == 0 && tenant.New is { } copy && !MigrationMarks.HasArrived(copy, to.Api) && !HaveSameSpec(old, copy))
        {
            return Wait(tenant, MigrationState.Blocked, $"OCM {old.Key} exists in both groups with different specs. Make them equal, or delete one.");
        }

        if (Foreign(tenant) is { } foreign)
        {
            return Wait(tenant, MigrationState.Blocked, foreign);
        }

        if (Unreachable(tenant, old) is { } unreachable)
        {
            return Wait(tenant, MigrationState.Blocked, unreachable);
        }

        IReadOnlyList<PlanStep> steps = [.. Copy(tenant, old, isMoving)];
        return steps.Count > 0 ? new TenantMigration(tenant.Ocm, MigrationState.Copying, "", steps)
            : NotReady(tenant, tenant.New!) is { } waiting ? Wait(tenant, MigrationState.AwaitingReady, waiting)
            : new TenantMigration(tenant.Ocm, MigrationState.Removing, "", [.. Remove(old), .. RemoveAccess(tenant)]);
    }

    private static TenantMigration OfRemoved(TenantObjects tenant)
    {
        IReadOnlyList<PlanStep> steps = [.. RemoveAccess(tenant)];
        return tenant.OldAccess is { } access && (steps.Count > 0 || access.IsBeingDeleted)
            ? new TenantMigration(tenant.Ocm, MigrationState.Removing, $"Waiting for AccessRequest {access.Key} to be deleted.", steps)
            : new TenantMigration(tenant.Ocm, MigrationState.Done, "", []);
    }

    // Whoever deletes one of both wants the installation to end. The controller of the new group uninstalls it; if there is no new OCM
    // yet, that of the old group does.
    private TenantMigration OfDeleted(TenantObjects tenant, KubeObject old)
    {
        if (tenant.New is { } copy)
        {
            // Once it is released, the controller of the new group deletes what bears its labels, and no more.
            var isHeld = MigrationMarks.IsHeld(copy, to.Api);
            return isHeld && (Foreign(tenant) ?? Unreachable(tenant, old)) is { } reason
                ? Wait(tenant, MigrationState.Blocked, reason)
                : new TenantMigration(
                    tenant.Ocm,
                    MigrationState.Deleting,
                    $"Waiting for OCM {copy.Key} ({to.Api.Group}) to be deleted.",
                    [
                        .. copy.IsBeingDeleted ? [] : new[] { new DeleteStep(TargetCluster.Onboarding, to.Api.Ocm, copy) },
                        .. old.IsBeingDeleted ? [] : new[] { new DeleteStep(TargetCluster.Onboarding, from.Api.Ocm, old) },
                        .. isHeld ? HandOver(tenant).Append(Release(copy)) : Foreign(tenant) is null ? Relabelling(tenant) : [],
                    ]);
        }

        return new TenantMigration(
            tenant.Ocm,
            MigrationState.Deleting,
            $"Waiting for OCM {old.Key} ({from.Api.Group}) to be deleted.",
            tenant is { HelmRelease: null, OciRepository: null } && MigrationMarks.IsMoving(old, from.Api)
                ? [.. RemoveAccess(tenant), .. Remove(old)]
                : MigrationMarks.IsMoving(old, from.Api) ? [Annotate(TargetCluster.Onboarding, from.Api.Ocm, old, null, null)]
                : []);
    }

    // The controller of the new group has uninstalled it, unless somebody has removed the finalizer by hand.
    private TenantMigration OfDeletedCopy(TenantObjects tenant, KubeObject old) => new(
        tenant.Ocm,
        MigrationState.Deleting,
        $"OCM {old.Key} ({to.Api.Group}) was deleted after it had been copied. Waiting for OCM {old.Key} ({from.Api.Group}) to be deleted.",
        tenant is { HelmRelease: null, OciRepository: null }
            ? [.. RemoveAccess(tenant), .. Remove(old)]
            : [new DeleteStep(TargetCluster.Onboarding, from.Api.Ocm, old)]);

    private IEnumerable<PlanStep> Copy(TenantObjects tenant, KubeObject old, bool isMoving)
    {
        var mark = MigrationMarks.MovesTo(to.Api);
        if (tenant.OldAccess is { IsBeingDeleted: false } access && MarkOf(access) != mark)
        {
            yield return Annotate(TargetCluster.Platform, PlatformKinds.AccessRequest, access, mark);
        }

        if (!isMoving)
        {
            yield return Annotate(TargetCluster.Onboarding, from.Api.Ocm, old, mark, Operation.Ignore);
        }

        if (tenant.New is null)
        {
            yield return new ApplyStep(TargetCluster.Onboarding, to.Api.Ocm, MigrationCopies.OfOcm(from.Api, to.Api, old), new ApplyTarget.Missing());
        }
        else
        {
            if (MigrationMarks.CopyUid(old, from.Api) != tenant.New.Uid)
            {
                yield return Annotate(
                    TargetCluster.Onboarding, from.Api.Ocm, old, MigrationMarks.MovesTo(to.Api, tenant.New.Uid), Operation.Ignore);
            }
        }

        foreach (var step in HandOver(tenant))
        {
            yield return step;
        }

        // Last: from then on, the copy may be reconciled, and be gone after it was deleted, with what bears its labels.
        if (tenant.New is { } copy && (MigrationMarks.IsHeld(copy, to.Api) || !MigrationMarks.HasArrived(copy, to.Api)))
        {
            yield return Release(copy);
        }
    }

    // What the controller of the new group needs, to reconcile the copy or to uninstall it.
    private IEnumerable<PlanStep> HandOver(TenantObjects tenant)
    {
        if (tenant is { OldAccess.IsBeingDeleted: false, NewAccess: null })
        {
            yield return new ApplyStep(
                TargetCluster.Platform,
                PlatformKinds.AccessRequest,
                Manifests.AccessRequest(
                    to,
                    tenant.Ocm,
                    PlatformNames.TenantNamespace(tenant.Ocm.Namespace, tenant.Ocm.Name),
                    tenant.OldAccess.Annotations.ContainsKey(ObjectNames.ControlPlaneObjectsAnnotation(from.Api)),
                    ManagedObjects.MayHaveUnlabelledCopies(tenant.OldAccess, from.Api),
                    access ?? ControlPlaneAccess.Of(tenant.OldAccess)),
                new ApplyTarget.Missing());
        }

        foreach (var step in Relabelling(tenant))
        {
            yield return step;
        }
    }

    private IEnumerable<PlanStep> Relabelling(TenantObjects tenant) =>
        tenant.ControlPlaneObjects.Select(each => Relabel(TargetCluster.ControlPlane, each.Kind, each.Object))
            .Concat(tenant.SecretCopies.Select(copy => Relabel(TargetCluster.Platform, Kinds.Secret, copy)))
            .Concat(Flux(tenant).Where(each => ManagerOf(each.Object) != Value(to.Api.Group)).Select(each => Relabel(TargetCluster.Platform, each.Kind, each.Object)));

    private PatchStep Release(KubeObject copy)
    {
        var annotations = new JsonObject { [ObjectNames.MigrationAnnotation(to.Api)] = MigrationMarks.ComesFrom(from.Api) };
        if (MigrationMarks.IsHeld(copy, to.Api))
        {
            annotations[Operation.Annotation] = null;
        }

        return new PatchStep(TargetCluster.Onboarding, to.Api.Ocm, copy, Metadata("annotations", annotations));
    }

    // Of exactly the version without the finalizer: a Go provider that still runs adds it again, and the deletion would be taken for that of
    // the owner.
    private IEnumerable<PlanStep> Remove(KubeObject old)
    {
        var patch = old.Finalizers.Contains(from.Api.Finalizer)
            ? new PatchStep(TargetCluster.Onboarding, from.Api.Ocm, old, MetadataPatches.RemoveFinalizer(old, from.Api.Finalizer))
            : null;
        if (!old.IsBeingDeleted)
        {
            yield return new DeleteStep(TargetCluster.Onboarding, from.Api.Ocm, old) { IsOfVersion = true, Before = patch };
        }
        else if (patch is not null)
        {
            yield return patch;
        }
    }

    private static IEnumerable<PlanStep> RemoveAccess(TenantObjects tenant) => tenant.OldAccess switch
    {
        null => [],
        { IsBeingDeleted: true } deleted => AccessRequests.RemoveFinalizer(deleted),
        var access => [new DeleteStep(TargetCluster.Platform, PlatformKinds.AccessRequest, access)],
    };

    private static string? NotReady(TenantObjects tenant, KubeObject copy)
    {
        var ready = copy.ReadyCondition;
        if (ready.Text("status") != "True" || copy.Json.Number("status", "observedGeneration") != copy.Generation)
        {
            var why = ready.Text("message") is { Length: > 0 } message ? ForeignText.Quote(message) : "it was not reconciled yet";
            return $"Waiting for OCM {copy.Key} to be Ready: {why.TrimEnd('.')}.";
        }

        var used = tenant.HelmRelease?.Text("spec", "kubeConfig", "secretRef", "name");
        return used is not null && used == tenant.NewAccess?.Text("status", "secretRef", "name")
            ? null
            : $"Waiting for HelmRelease in {PlatformNames.TenantNamespace(copy.Namespace, copy.Name)} to use the new access.";
    }

    private static string? Unreachable(TenantObjects tenant, KubeObject old) => tenant.ControlPlaneError.Length == 0
        ? null
        : $"Control plane \"{old.Name}\" is unreachable, and objects there must be relabelled: {tenant.ControlPlaneError.TrimEnd('.')}.";

    private string? Foreign(TenantObjects tenant) => Flux(tenant)
        .Where(each => !IsManaged(each.Object, from) && !IsManaged(each.Object, to))
        .Select(each => $"{each.Kind.Kind} {each.Object.Key} " + (ManagerOf(each.Object) is { } manager
            ? $"is managed by another component (label {ObjectNames.ManagedByLabel}={ForeignText.Quote(manager)}). Delete or relabel it."
            : $"was not created by this provider. Delete it, or label it with {ObjectNames.ManagedByLabel}={Value(from.Api.Group)} and "
                + $"{ObjectNames.AppManagedByLabel}={ObjectNames.AppManagedBy}."))
        .FirstOrDefault();

    private static bool IsManaged(KubeObject found, Identity identity) => ManagedObjects.IsManaged(found, ManagedObjects.Labels(identity.Api));

    private static IEnumerable<(ResourceKind Kind, KubeObject Object)> Flux(TenantObjects tenant)
    {
        if (tenant.OciRepository is { } repository)
        {
            yield return (PlatformKinds.OciRepository, repository);
        }

        if (tenant.HelmRelease is { } release)
        {
            yield return (PlatformKinds.HelmRelease, release);
        }
    }

    private static string? ManagerOf(KubeObject found) => found.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel);

    private static string Value(string text) => ObjectNames.LabelValue(text);

    private string MarkOf(KubeObject found) => found.Annotations.GetValueOrDefault(ObjectNames.MigrationAnnotation(from.Api), "");

    internal static bool HaveSameSpec(KubeObject one, KubeObject other) =>
        one.At("spec") is { } spec && other.At("spec") is { } same && JsonElement.DeepEquals(spec, same);

    private PatchStep Annotate(TargetCluster cluster, ResourceKind kind, KubeObject found, string? mark) =>
        new(cluster, kind, found, Metadata("annotations", new JsonObject { [ObjectNames.MigrationAnnotation(from.Api)] = mark }));

    // Both together, so that the OCM is never marked and reconciled at the same time.
    private PatchStep Annotate(TargetCluster cluster, ResourceKind kind, KubeObject found, string? mark, string? operation) => new(
        cluster,
        kind,
        found,
        Metadata("annotations", new JsonObject { [ObjectNames.MigrationAnnotation(from.Api)] = mark, [Operation.Annotation] = operation }));

    private PatchStep Relabel(TargetCluster cluster, ResourceKind kind, KubeObject found)
    {
        var labels = new JsonObject
        {
            [ObjectNames.ManagedByLabel] = Value(to.Api.Group),
            [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
            [ObjectNames.ProviderLabel(from.Api)] = null,
            [ObjectNames.RevisionLabel(from.Api)] = null,
        };
        if (cluster == TargetCluster.Platform)
        {
            labels[ObjectNames.ProviderLabel(to.Api)] = Value(to.ProviderName);
        }

        return new PatchStep(cluster, kind, found, Metadata("labels", labels));
    }

    private static JsonElement Metadata(string field, JsonObject value) =>
        new JsonObject { ["metadata"] = new JsonObject { [field] = value } }.ToElement();

    private static TenantMigration Wait(TenantObjects tenant, MigrationState state, string message) => new(tenant.Ocm, state, message, []);
}
