using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>What has to be there and in order before anything is written for an OCM.</summary>
internal static class InputChecks
{
    private static readonly string[] ChartPullSecretTypes = [Manifests.PullSecretType];
    private static readonly string[] ImagePullSecretTypes = [Manifests.PullSecretType, Manifests.LegacyPullSecretType];

    /// <summary>What is wrong or missing, or null.</summary>
    public static Verdict? Fault(Observation observation, KubeObject ocm, ChartInputs inputs) =>
        Tenant(observation, ocm) ?? OfConfiguration(observation, inputs).FirstOrDefault();

    /// <summary>What is wrong or missing whichever tenant it is for.</summary>
    public static IEnumerable<Verdict> OfConfiguration(Observation observation, ChartInputs inputs) =>
        new[] { inputs.PullSecret is { } name ? PullSecret(observation, name, "as image pull secret", ChartPullSecretTypes) : null }
            .Concat(inputs.ToolkitPullSecrets.Select(
                secret => PullSecret(observation, secret, "in manager.imagePullSecrets of the Helm values", ImagePullSecretTypes)))
            .Append(observation.CaBundle?.Fault)
            .Append(NameClash(observation, inputs))
            .OfType<Verdict>();

    private static Verdict? Tenant(Observation observation, KubeObject ocm)
    {
        if (observation.TenantNamespace is null)
        {
            return Verdict.Fault(
                Reasons.TenantNamespaceMissing,
                $"There is no namespace {observation.TenantNamespaceName} on the platform cluster, so there is no control plane "
                    + $"\"{ocm.Name}\" in {ocm.Namespace}; create the control plane, or replace the OCM by one that bears its control "
                    + "plane's name.");
        }

        if (observation.TenantNamespace.IsBeingDeleted)
        {
            return Verdict.Fault(
                Reasons.TenantNamespaceMissing,
                $"Namespace {observation.TenantNamespaceName} on the platform cluster is being deleted, and control plane "
                    + $"\"{ocm.Name}\" with it; delete the OCM too.");
        }

        return observation.ClusterRequest is null
            ? Verdict.Fault(
                Reasons.ClusterRequestMissing,
                $"There is no ClusterRequest {observation.TenantNamespaceName}/{ocm.Name} on the platform cluster: control plane "
                    + $"\"{ocm.Name}\" does not exist or has not asked for its cluster yet; an OCM must bear its control plane's name.")
            : null;
    }

    private static Verdict? PullSecret(Observation observation, string name, string usage, string[] types)
    {
        var where = $"{observation.Identity.PodNamespace}/{name}";
        if (!observation.SourceSecrets.TryGetValue(name, out var source))
        {
            return Verdict.Fault(
                Reasons.ImagePullSecretMissing,
                $"There is no Secret {where} on the platform cluster, which ProviderConfig \"{observation.Identity.ProviderName}\" "
                    + $"names {usage}; the platform operator has to create it.");
        }

        var type = source.Json.Text("type");
        return types.Contains(type)
            ? null
            : Verdict.Fault(
                Reasons.ImagePullSecretWrongType,
                $"Secret {where} on the platform cluster, which ProviderConfig \"{observation.Identity.ProviderName}\" names {usage}, "
                    + $"is of type {type}; it has to be of type {string.Join(" or ", types)}. The platform operator has to replace it.");
    }

    private static Verdict? NameClash(Observation observation, ChartInputs inputs) =>
        observation.CaBundle is not null && inputs.PullSecret is { } name && Manifests.SecretCopyName(name) == Manifests.CaBundleName
            ? Verdict.Fault(
                Reasons.InvalidProviderConfig,
                $"ProviderConfig \"{observation.Identity.ProviderName}\": the copy of image pull secret \"{name}\" would have the name "
                    + $"that the copy of the CA bundle has, {Manifests.CaBundleName}. The platform operator has to give the Secret "
                    + "another name.")
            : null;
}
