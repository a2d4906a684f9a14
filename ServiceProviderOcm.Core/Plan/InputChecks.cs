using System.Diagnostics.CodeAnalysis;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Checks what must exist and be valid before anything is written for an OCM.</summary>
internal static class InputChecks
{
    private static readonly string[] PullSecretTypes = [Manifests.PullSecretType, Manifests.LegacyPullSecretType];

    /// <summary>Whether there is an error, and the first one.</summary>
    public static bool HasError(
        Observation observation, KubeObject ocm, ChartInputs inputs, [NotNullWhen(true)] out ReadyStatus? error)
    {
        error = OfTenant(observation, ocm)
            .Concat(OfReferences(observation.Identity, observation.SourceSecrets, observation.CaBundle, inputs.Source))
            .FirstOrDefault();
        return error is not null;
    }

    /// <summary>The errors of the objects that a chart source refers to, whichever tenant it is for.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="secrets">The Secrets of the provider's namespace, by name.</param>
    /// <param name="caBundle">The CA bundle.</param>
    /// <param name="source">The chart source.</param>
    public static IEnumerable<ReadyStatus> OfReferences(
        Identity identity, IReadOnlyDictionary<string, KubeObject> secrets, CaBundle caBundle, ChartSource source)
    {
        return
        [
            .. source.PullSecret.Length == 0 ? [] : OfPullSecret(source.PullSecret, "as image pull secret"),
            .. source.ToolkitPullSecrets.SelectMany(secret => OfPullSecret(secret, "in manager.imagePullSecrets of the Helm values")),
            .. source.Verification is { Secret.Length: > 0 } verification ? OfVerification(verification) : [],
            .. caBundle.HasError(out var error) ? [error] : Array.Empty<ReadyStatus>(),
        ];

        IEnumerable<ReadyStatus> OfVerification(ChartVerification verification)
        {
            var where = $"Secret {identity.PodNamespace}/{ForeignText.Quote(verification.Secret)}";
            var reference = $"ProviderConfig \"{identity.ProviderName}\" names it in {source.VerificationPath}";
            if (!secrets.TryGetValue(verification.Secret, out var secret))
            {
                yield return new ReadyStatus(
                    OcmState.VerificationSecretMissing,
                    $"{where} does not exist on the platform cluster; {reference}. A platform operator must create it.");
            }
            else if (!verification.IsUsable([.. secret.Json.TextMap("data").Keys]))
            {
                yield return new ReadyStatus(
                    OcmState.VerificationSecretInvalid,
                    $"{where} on the platform cluster does not have {verification.RequiredKeys}; {reference}. A platform operator must fix it.");
            }
        }

        IEnumerable<ReadyStatus> OfPullSecret(string name, string usage)
        {
            var where = $"Secret {identity.PodNamespace}/{ForeignText.Quote(name)}";
            var reference = $"ProviderConfig \"{identity.ProviderName}\" names it {usage}";
            if (!secrets.TryGetValue(name, out var secret))
            {
                yield return new ReadyStatus(
                    OcmState.ImagePullSecretMissing,
                    $"{where} does not exist on the platform cluster; {reference}. A platform operator must create it.");
            }
            else if (secret.Json.Text("type") is var type && !PullSecretTypes.Contains(type) && !IsOpaqueWithKey(secret))
            {
                yield return new ReadyStatus(
                    OcmState.ImagePullSecretWrongType,
                    $"{where} on the platform cluster is of type {ForeignText.Quote(type, HeldSecrets.Of(secrets.Values))}; {reference}, which takes type {string.Join(" or ", PullSecretTypes)}. "
                        + "A platform operator must replace it.");
            }
        }
    }

    /// <summary>What is accepted, but should be fixed, of the Secrets that a chart source refers to: one sentence each.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="secrets">The Secrets of the provider's namespace, by name.</param>
    /// <param name="source">The chart source.</param>
    public static IEnumerable<string> WarningsOf(
        Identity identity, IReadOnlyDictionary<string, KubeObject> secrets, ChartSource source)
    {
        return
        [
            .. Warn(source.PullSecret, secret => IsOpaqueWithKey(secret) || secret.Text("type") == Manifests.LegacyPullSecretType)
                .Concat(source.ToolkitPullSecrets.SelectMany(name => Warn(name, IsOpaqueWithKey)))
                .Distinct(StringComparer.Ordinal),
        ];

        IEnumerable<string> Warn(string name, Predicate<KubeObject> isAccepted) => secrets.TryGetValue(name, out var secret) && isAccepted(secret)
            ?
            [
                $"Secret {identity.PodNamespace}/{ForeignText.Quote(name)} on the platform cluster is of type {secret.Text("type")}, and accepted "
                    + $"since it has the key {Manifests.PullSecretKeyOf(secret)}. Replace it by one of type {Manifests.PullSecretType}.",
            ]
            : [];
    }

    // The Go provider accepts any type.
    private static bool IsOpaqueWithKey(KubeObject secret) =>
        secret.Text("type") == Manifests.OpaqueType && secret.Text("data", Manifests.PullSecretKey) is { Length: > 0 };

    private static IEnumerable<ReadyStatus> OfTenant(Observation observation, KubeObject ocm)
    {
        if (observation.TenantNamespace is null)
        {
            yield return new ReadyStatus(
                OcmState.TenantNamespaceMissing,
                $"Namespace {observation.TenantNamespaceName} does not exist on the platform cluster, so there is no control plane "
                    + $"\"{ocm.Name}\" in {ocm.Namespace}. Create the control plane, or replace the OCM by one with the name of its "
                    + "control plane.");
        }
        else if (observation.TenantNamespace.IsBeingDeleted)
        {
            yield return new ReadyStatus(
                OcmState.TenantNamespaceTerminating,
                $"Namespace {observation.TenantNamespaceName} on the platform cluster is being deleted, and control plane "
                    + $"\"{ocm.Name}\" with it. Delete the OCM, too.");
        }
        else if (observation.ClusterRequest is null)
        {
            yield return new ReadyStatus(
                OcmState.ClusterRequestMissing,
                $"ClusterRequest {observation.TenantNamespaceName}/{ocm.Name} does not exist on the platform cluster: control plane "
                    + $"\"{ocm.Name}\" does not exist or has not requested its cluster yet. "
                    + "An OCM must have the name of its control plane.");
        }
    }
}
