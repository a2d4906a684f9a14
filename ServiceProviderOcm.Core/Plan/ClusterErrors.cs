using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>The state of an OCM whose reads or writes fail on an API server.</summary>
public static class ClusterErrors
{
    /// <summary>The state after a write of a plan has failed.</summary>
    public static ReadyStatus OfStep(PlanStep step, KubernetesApiException error) =>
        step is ApplyStep { Target: ApplyTarget.Missing } apply && error.IsAlreadyExists
            ? OfForeign(step.Cluster, step.Kind, step.Key, ManagedObjects.Labels(apply.Manifest))
            : Of(step.Cluster, $"cannot {step.Description}", error);

    /// <summary>The state where an object has the name of a managed one, and is not managed by this provider.</summary>
    /// <param name="cluster">The cluster that has the object.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="labels">The labels by which it would be known to be managed.</param>
    public static ReadyStatus OfForeign(
        TargetCluster cluster, ResourceKind kind, ObjectKey key, IReadOnlyDictionary<string, string> labels) => new(
        OcmState.ObjectForeign,
        $"{kind.Kind} {key} on the {cluster.Name()} is not managed by this provider and was not modified. "
            + $"{Capitalize(OwnerOf(cluster))} must delete or rename it, or have it adopted by setting its labels "
            + $"{string.Join(" and ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}.");

    /// <summary>The state after a plan has been applied again and again, and differences remain.</summary>
    public static ReadyStatus OfContest(PlanStep step) => new(
        OcmState.Contested,
        $"{step.Kind.Kind} {step.Key} keeps being overwritten by another writer. A platform operator must find it, such as an admission "
            + "webhook: kubectl get --show-managed-fields lists the field managers.");

    /// <summary>The state of an OCM whose control plane sends more than a limit allows.</summary>
    /// <param name="controlPlane">The name of the control plane.</param>
    /// <param name="error">What exceeds which limit.</param>
    /// <param name="isFixedLimit">Whether the limit is no setting.</param>
    public static ReadyStatus OfControlPlaneLimit(string controlPlane, string error, bool isFixedLimit) => new(
        OcmState.LimitExceeded,
        $"Control plane \"{controlPlane}\" sends too much: {error.TrimEnd('.')}. What is installed stays. "
            + "The owner of the control plane must "
            + (isFixedLimit ? $"{ApiErrorAdvice.FixOfFixedLimit}." : "reduce what it sends, or a platform operator must raise the limit."));

    /// <summary>The state of an OCM with a managed object on its control plane that cannot be read.</summary>
    public static ReadyStatus OfUnreadable(string controlPlane, Observation observation)
    {
        var unreadable = observation.ControlPlane.Unreadable;
        var others = unreadable.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (and {unreadable.Count - 1} more)");
        return new ReadyStatus(
            unreadable.Error!.IsOverLimit ? OcmState.LimitExceeded : OcmState.ControlPlaneObjectUnreadable,
            $"Control plane \"{controlPlane}\": {observation.Secrets.Redact(unreadable.Error.Message).TrimEnd('.')}{others}. It was not "
                + "modified. The owner of the control plane must correct or delete it.");
    }

    /// <summary>Whether stores may not be relied on, and the state for that.</summary>
    /// <param name="sources">The stale sources that matter.</param>
    /// <param name="status">The state.</param>
    public static bool OfSources(IReadOnlyList<StaleSource> sources, [NotNullWhen(true)] out ReadyStatus? status)
    {
        status = sources.OrderBy(source => source is StaleSource.Starting).FirstOrDefault() switch
        {
            null => null,
            StaleSource.Unreadable unreadable =>
                Of(TargetCluster.Platform, $"cannot read {unreadable.Kind.QualifiedPlural}", unreadable.Error),
            StaleSource.NotServed notServed => OfNotServed(notServed),
            _ => ReadyStatus.Unreported(OcmState.Starting),
        };
        return status is not null;
    }

    private static ReadyStatus OfNotServed(StaleSource source)
    {
        var kind = source.Kind;
        var isFlux = kind == PlatformKinds.OciRepository || kind == PlatformKinds.HelmRelease;
        var (state, fix) = isFlux
            ? (OcmState.FluxNotInstalled, "install Flux, or upgrade it")
            : (OcmState.PlatformNotInstalled, "install its CustomResourceDefinition");
        return new ReadyStatus(
            state, $"{kind.QualifiedPlural}/{kind.Version} is not served by the {source.ClusterName}. A platform operator must {fix}.");
    }

    private static ReadyStatus Of(TargetCluster cluster, string attempt, KubernetesApiException error)
    {
        var owner = OwnerOf(cluster);
        var (kind, fix) = ApiErrorAdvice.For(error);
        var advice = kind switch
        {
            ApiErrorKind.LimitExceeded when cluster == TargetCluster.ControlPlane && !error.IsFixedLimit =>
                $"{Capitalize(owner)} must reduce what it sends, or a platform operator must raise the limit",
            ApiErrorKind.Unauthorized => $"A platform operator must {fix}",
            ApiErrorKind.Conflict => "It is retried",
            ApiErrorKind.NotFound => $"It is retried. If this lasts, {owner} must {fix}",
            ApiErrorKind.Unavailable => "It is retried until the cluster answers",
            ApiErrorKind.Invalid when cluster == TargetCluster.ControlPlane =>
                $"{Capitalize(owner)} must {fix}. If a Secret of another type has that name, delete it",
            _ => $"{Capitalize(owner)} must {fix}",
        };
        return new ReadyStatus(StateOf(cluster, kind), $"{Capitalize(cluster.Name())}: {attempt}: {error.Message.TrimEnd('.')}. {advice}.");
    }

    private static OcmState StateOf(TargetCluster cluster, ApiErrorKind kind) => (cluster, kind) switch
    {
        (_, ApiErrorKind.LimitExceeded) => OcmState.LimitExceeded,
        (TargetCluster.Onboarding, ApiErrorKind.Unavailable) => OcmState.OnboardingUnavailable,
        (TargetCluster.Onboarding, ApiErrorKind.Forbidden or ApiErrorKind.Unauthorized) => OcmState.OnboardingForbidden,
        (TargetCluster.Onboarding, ApiErrorKind.Conflict) => OcmState.OnboardingConflict,
        (TargetCluster.Onboarding, _) => OcmState.OnboardingRejected,
        (TargetCluster.ControlPlane, ApiErrorKind.Unavailable) => OcmState.ControlPlaneUnavailable,
        (TargetCluster.ControlPlane, ApiErrorKind.Forbidden or ApiErrorKind.Unauthorized) => OcmState.ControlPlaneForbidden,
        (TargetCluster.ControlPlane, ApiErrorKind.Conflict) => OcmState.ControlPlaneConflict,
        (TargetCluster.ControlPlane, _) => OcmState.ControlPlaneRejected,
        (_, ApiErrorKind.Unavailable) => OcmState.PlatformUnavailable,
        (_, ApiErrorKind.Forbidden or ApiErrorKind.Unauthorized) => OcmState.PlatformForbidden,
        (_, ApiErrorKind.Conflict) => OcmState.PlatformConflict,
        _ => OcmState.PlatformRejected,
    };

    private static string OwnerOf(TargetCluster cluster) =>
        cluster == TargetCluster.ControlPlane ? "the owner of the control plane" : "a platform operator";

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
