using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Says what an API server's refusal means for an OCM.</summary>
public static class Failures
{
    /// <summary>A write of a plan has failed.</summary>
    public static Verdict OfStep(PlanStep step, KubernetesApiException exception) =>
        Of(step.Cluster.ToString(), NameOf(step.Cluster), $"cannot {step.Description}", exception);

    /// <summary>A plan has been carried out over and over, and there is still something to do.</summary>
    public static Verdict OfContest(PlanStep step) => Verdict.Fault(
        Reasons.Contested,
        $"What is written is changed again at once ({step.Description}); the platform operator has to find out by whom, such as an "
            + "admission webhook.");

    /// <summary>
    /// What the stores' troubles mean for a plan: a verdict, or null if there are none that matter.
    /// </summary>
    /// <param name="troubles">The troubles that matter.</param>
    /// <param name="isStarting">Whether a store is still filling up, so that the plan has to wait without a word.</param>
    public static Verdict? OfTroubles(IReadOnlyList<SourceTrouble> troubles, out bool isStarting)
    {
        isStarting = troubles.Any(trouble => trouble.IsStarting);
        foreach (var trouble in troubles)
        {
            if (trouble.Failure is { } failure)
            {
                return Of("Platform", trouble.ClusterName, $"cannot read {trouble.Kind.QualifiedPlural}", failure);
            }

            if (trouble.IsNotServed)
            {
                return NotServed(trouble);
            }
        }

        return null;
    }

    /// <summary>The cluster in words, in the middle of a sentence.</summary>
    internal static string NameOf(TargetCluster cluster) => cluster switch
    {
        TargetCluster.ControlPlane => "control plane",
        TargetCluster.Onboarding => "onboarding cluster",
        _ => "platform cluster",
    };

    private static Verdict NotServed(SourceTrouble trouble)
    {
        var kind = trouble.Kind;
        return kind == Kinds.OciRepository || kind == Kinds.HelmRelease
            ? Verdict.Fault(
                Reasons.FluxNotInstalled,
                $"The {trouble.ClusterName} does not know {kind.QualifiedPlural} ({kind.Version}): Flux is missing or too old there; "
                    + "the platform operator has to install it.")
            : Verdict.Fault(
                Reasons.PlatformNotInstalled,
                $"The {trouble.ClusterName} does not know {kind.QualifiedPlural} ({kind.Version}); the platform operator has to "
                    + "install its CustomResourceDefinition.");
    }

    private static Verdict Of(string prefix, string cluster, string attempt, KubernetesApiException exception)
    {
        var owner = prefix == nameof(TargetCluster.ControlPlane) ? "the control plane's owner" : "the platform operator";
        var (reason, cure) = exception.Code switch
        {
            (int)HttpStatusCode.Forbidden => (Reasons.Forbidden, $"{Capital(owner)} has to grant the missing permission"),
            (int)HttpStatusCode.Unauthorized => (Reasons.Forbidden, "The platform operator has to renew our credentials"),
            (int)HttpStatusCode.Conflict => (Reasons.Conflict, "It is tried again"),
            (int)HttpStatusCode.NotFound => (Reasons.Rejected, $"It is tried again; if this lasts, {owner} has to create what is missing"),
            _ when exception.IsTransient => (Reasons.Unavailable, "It is tried again until the cluster answers"),
            (int)HttpStatusCode.UnprocessableEntity when prefix == nameof(TargetCluster.ControlPlane) =>
                (Reasons.Rejected, $"{Capital(owner)} has to look into it; if a Secret of another type is in the way there, delete it"),
            _ => (Reasons.Rejected, $"{Capital(owner)} has to look into it"),
        };
        return Verdict.Fault(prefix + reason, $"{Capital(cluster)}: {attempt}: {exception.Message.TrimEnd('.')}. {cure}.");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
