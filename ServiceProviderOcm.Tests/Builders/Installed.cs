using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Takes an observation further on the way to an installed OCM.</summary>
internal static class Installed
{
    public const string KubeconfigSecret = "access-kubeconfig";

    public const string ChartDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static Observation WithPullSecret(this Observation observation) => observation with
    {
        Config = An.Config("""{ "imagePullSecret": { "name": "registry" } }"""),
        SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source() },
    };

    /// <summary>A ProviderConfig whose values name an image pull secret for the toolkit's own pods.</summary>
    public static Observation WithToolkitPullSecret(this Observation observation) => observation with
    {
        Config = An.Config("""{ "values": { "manager": { "imagePullSecrets": [{ "name": "registry" }] } } }"""),
        SourceSecrets = new Dictionary<string, KubeObject> { [An.PullSecret] = An.Source() },
    };

    public static Observation WithCaBundle(this Observation observation, bool isInjected = false) =>
        observation with { CaBundle = An.CaBundle with { IsInjected = isInjected } };

    public static Observation WithConfig(this Observation observation, string spec) =>
        observation with { Config = An.Config(spec) };

    public static Observation WithOcm(this Observation observation, string patch) =>
        observation with { Ocm = observation.Ocm!.Patched(patch) };

    /// <summary>The same with an OCIRepository that names a revision; null for none.</summary>
    public static Observation At(this Observation observation, string? revision) => observation with
    {
        OciRepository = observation.OciRepository!.Patched(new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ObjectNames.RevisionLabel(observation.Identity.Api)] = revision } },
        }.ToJsonString()),
    };

    public static Observation WithFinalizer(this Observation observation) =>
        observation.WithOcm($$"""{ "metadata": { "finalizers": ["{{An.Finalizer}}"] } }""");

    /// <summary>The AccessRequest as we have applied it, not answered yet.</summary>
    public static Observation Requested(this Observation observation) => observation.WithFinalizer() with
    {
        AccessRequest = Manifests.AccessRequest(
            observation.Identity, observation.Ocm!.Key, observation.TenantNamespaceName, observation.NeedsControlPlaneObjects()).Served(),
    };

    /// <summary>What the OCM asks for, which must be on offer.</summary>
    public static ChartInputs Inputs(this Observation observation) => observation.TryResolve(out var inputs, out var error)
        ? inputs
        : throw new AssertionException(error.Message);

    public static bool TryResolve(
        this Observation observation, [NotNullWhen(true)] out ChartInputs? inputs, [NotNullWhen(false)] out ReadyStatus? error) =>
        observation.Config.TryResolve(observation.Ocm!.Json.Text("spec", "version") ?? "", out inputs, out error);

    private static bool NeedsControlPlaneObjects(this Observation observation) =>
        observation.CaBundle.IsSet || (observation.TryResolve(out var inputs, out _) && inputs.Source.ToolkitPullSecrets.Count > 0);

    public static Observation Granted(this Observation observation)
    {
        var requested = observation.Requested();
        return requested with { AccessRequest = requested.AccessRequest!.Granted() };
    }

    /// <summary>Everything that we want is there, and Flux has done its part.</summary>
    public static Observation Complete(this Observation observation)
    {
        var granted = observation.Granted();
        var inputs = granted.Inputs();
        var (identity, ocm, tenant) = (granted.Identity, granted.Ocm!.Key, granted.TenantNamespaceName);
        var bundle = granted.CaBundle;
        return granted with
        {
            SecretCopies =
            [
                .. inputs.Source.PullSecret is { Length: > 0 } source
                    ? [Manifests.SecretCopy(identity, ocm, tenant, granted.SourceSecrets[source]).Served()]
                    : Array.Empty<KubeObject>(),
                .. inputs.Source.Verification is { Secret.Length: > 0 } verification
                    ? [Manifests.VerificationSecret(identity, ocm, tenant, granted.SourceSecrets[verification.Secret], verification).Served()]
                    : Array.Empty<KubeObject>(),
                .. bundle.IsSet ? [Manifests.CaBundleSecret(identity, ocm, tenant, bundle).Served()] : Array.Empty<KubeObject>(),
            ],
            OciRepository = Manifests.OciRepository(identity, ocm, tenant, inputs, bundle).Served().FluxReady(),
            HelmRelease = Manifests.HelmRelease(identity, ocm, tenant, inputs, KubeconfigSecret, bundle).Served().FluxReady(),
            ControlPlane = granted.NeedsControlPlaneObjects()
                ? ObservedControlPlane.Of(
                    Manifests.Namespace().Served(),
                    [.. inputs.Source.ToolkitPullSecrets.Select(name => Manifests.ToolkitPullSecret(identity, granted.SourceSecrets[name]).Served())],
                    bundle.IsSet ? [Manifests.CaBundleConfigMap(identity, bundle).Served()] : [])
                : ObservedControlPlane.Unknown,
        };
    }

    /// <summary>The OCM has been waiting for one thing, much longer than it may.</summary>
    public static Observation WaitingFor(this Observation observation, OcmState state) =>
        observation.WaitingSince(state, observation.Now.AddHours(-1));

    /// <summary>The OCM has been waiting for one thing since then, and objects have been deleted since then.</summary>
    public static Observation WaitingSince(this Observation observation, OcmState state, DateTimeOffset since) => observation with
    {
        Wait = new ObservedWait(state, since, IsReleaseHeld: false),
        OciRepository = observation.OciRepository?.DeletedAt(since),
        HelmRelease = observation.HelmRelease?.DeletedAt(since),
        ControlPlane = observation.ControlPlane with { Namespace = observation.ControlPlane.Namespace?.DeletedAt(since) },
    };

    private static KubeObject DeletedAt(this KubeObject present, DateTimeOffset when) => present.IsBeingDeleted
        ? present.Patched($$"""{ "metadata": { "deletionTimestamp": "{{when:yyyy-MM-ddTHH:mm:ssZ}}" } }""")
        : present;

    public static Observation Deleting(this Observation observation) =>
        observation.WithOcm("""{ "metadata": { "deletionTimestamp": "2026-06-01T11:59:00Z" } }""");

    /// <summary>A manifest as the server keeps it once we have applied it.</summary>
    public static KubeObject Served(this KubeObject manifest) => manifest
        .Patched($$"""{ "metadata": { "uid": "uid-of-{{manifest.Name}}", "resourceVersion": "10", "generation": 1 } }""")
        .OwnedAs(new FieldOwnership(Json.Leaves(manifest.Json), []));

    public static KubeObject Granted(this KubeObject request) => request.Patched(
        $$"""
        { "status": { "phase": "Granted", "observedGeneration": {{request.Generation}}, "secretRef": { "name": "{{KubeconfigSecret}}" } } }
        """);

    /// <summary>An OCIRepository with the artifact that it asks for, or a HelmRelease whose latest release is of that artifact.</summary>
    public static KubeObject FluxReady(this KubeObject fluxObject) => fluxObject.FluxReports("True", "").Patched(
        fluxObject.Json.Text("kind") == "OCIRepository"
            ? $$"""
            { "status": { "artifact": { "revision": "{{RevisionOf(fluxObject)}}" } } }
            """
            : $$"""
            { "status": { "history": [{ "version": 1, "status": "deployed", "chartVersion": "0.4.0", "ociDigest": "{{ChartDigest}}" }] } }
            """);

    // A pinned digest is the whole revision.
    private static string RevisionOf(KubeObject source) =>
        source.Text("spec", "ref", "digest") ?? $"{source.Text("spec", "ref", "tag")}@{ChartDigest}";

    public static KubeObject FluxReports(this KubeObject fluxObject, string status, string message) => fluxObject.Patched(
        $$"""
        {
          "status": {
            "observedGeneration": {{fluxObject.Generation}},
            "conditions": [
              { "type": "Ready", "status": "{{status}}", "message": "{{message}}", "observedGeneration": {{fluxObject.Generation}} }
            ]
          }
        }
        """);

    /// <summary>An OCIRepository whose chart Flux could not verify.</summary>
    public static KubeObject Unverified(this KubeObject source, string message) => source.Patched(
        $$"""
        {
          "status": {
            "conditions": [
              { "type": "Ready", "status": "False", "reason": "VerificationError", "message": "{{message}}", "observedGeneration": {{source.Generation}} },
              { "type": "SourceVerified", "status": "False", "reason": "VerificationError", "message": "{{message}}", "observedGeneration": {{source.Generation}} }
            ]
          }
        }
        """);

    public static KubeObject BeingDeleted(this KubeObject present) =>
        present.Patched("""{ "metadata": { "deletionTimestamp": "2026-06-01T11:59:30Z" } }""");
}
