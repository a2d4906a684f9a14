using System.Diagnostics.CodeAnalysis;
using System.Net;
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
        Of(step.Cluster, $"cannot {step.Description}", error);

    /// <summary>The state after a plan has been applied again and again, and differences remain.</summary>
    public static ReadyStatus OfContest(PlanStep step) => new(
        OcmState.Contested,
        $"{step.Kind.Kind} {step.Key} keeps being overwritten by another writer. A platform operator must find it, such as an admission "
            + "webhook: kubectl get --show-managed-fields lists the field managers.");

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
        var owner = cluster == TargetCluster.ControlPlane ? "the owner of the control plane" : "a platform operator";
        var (kind, fix) = error.Code switch
        {
            (int)HttpStatusCode.Forbidden => (ErrorKind.Forbidden, $"{Capitalize(owner)} must {ApiErrorAdvice.For(error)}"),
            (int)HttpStatusCode.Unauthorized => (ErrorKind.Forbidden, $"A platform operator must {ApiErrorAdvice.For(error)}"),
            (int)HttpStatusCode.Conflict => (ErrorKind.Conflict, "It is retried"),
            (int)HttpStatusCode.NotFound => (ErrorKind.Rejected, $"It is retried. If this lasts, {owner} must {ApiErrorAdvice.For(error)}"),
            _ when cluster == TargetCluster.ControlPlane && error.Reason == Reasons.LimitExceeded => (
                ErrorKind.OverLimit, $"{Capitalize(owner)} must reduce what it sends, or a platform operator must raise the limit"),
            _ when error.IsTransient => (ErrorKind.Unavailable, "It is retried until the cluster answers"),
            (int)HttpStatusCode.UnprocessableEntity when cluster == TargetCluster.ControlPlane => (
                ErrorKind.Rejected,
                $"{Capitalize(owner)} must {ApiErrorAdvice.For(error)}. If a Secret of another type has that name, delete it"),
            _ => (ErrorKind.Rejected, $"{Capitalize(owner)} must {ApiErrorAdvice.For(error)}"),
        };
        return new ReadyStatus(StateOf(cluster, kind), $"{Capitalize(cluster.Name())}: {attempt}: {error.Message.TrimEnd('.')}. {fix}.");
    }

    private static OcmState StateOf(TargetCluster cluster, ErrorKind kind) => (cluster, kind) switch
    {
        (TargetCluster.Onboarding, ErrorKind.Unavailable) => OcmState.OnboardingUnavailable,
        (TargetCluster.Onboarding, ErrorKind.Forbidden) => OcmState.OnboardingForbidden,
        (TargetCluster.Onboarding, ErrorKind.Rejected) => OcmState.OnboardingRejected,
        (TargetCluster.Onboarding, _) => OcmState.OnboardingConflict,
        (_, ErrorKind.OverLimit) => OcmState.LimitExceeded,
        (TargetCluster.ControlPlane, ErrorKind.Unavailable) => OcmState.ControlPlaneUnavailable,
        (TargetCluster.ControlPlane, ErrorKind.Forbidden) => OcmState.ControlPlaneForbidden,
        (TargetCluster.ControlPlane, ErrorKind.Rejected) => OcmState.ControlPlaneRejected,
        (TargetCluster.ControlPlane, _) => OcmState.ControlPlaneConflict,
        (_, ErrorKind.Unavailable) => OcmState.PlatformUnavailable,
        (_, ErrorKind.Forbidden) => OcmState.PlatformForbidden,
        (_, ErrorKind.Rejected) => OcmState.PlatformRejected,
        _ => OcmState.PlatformConflict,
    };

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private enum ErrorKind
    {
        Unavailable,
        Forbidden,
        Rejected,
        Conflict,
        OverLimit,
    }
}
