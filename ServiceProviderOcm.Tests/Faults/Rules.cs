using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Sandbox.ApiServer.Access;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// What must hold at each write, whatever the controller sees: compares with what the servers have. Deletions are justified and name the
/// object by its uid, and an OCM is Ready only when Flux's objects are.
/// </summary>
internal sealed class Rules(FaultWorld world)
{
    private readonly ConcurrentQueue<string> _violations = [];

    /// <summary>What did not hold.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How the step ends in the undisturbed run; null if it is not known yet.</summary>
    public EndState? Expected { get; set; }

    /// <summary>Something does not hold.</summary>
    public void Violate(string what) => _violations.Enqueue(what);

    /// <summary>A write is about to be sent.</summary>
    public Write Before(FaultCluster cluster, RequestAttributes request, string body)
    {
        var json = body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject();
        var resource = request.Group.Length == 0 ? request.Resource : $"{request.Resource}.{request.Group}";
        var write = new Write(cluster, request, json, EndState.NameOf(cluster, resource, new ObjectKey(request.Namespace, request.Name)));
        return request.Verb == "delete" ? write with { Unjustified = NotDeletableReason(write) } : write;
    }

    /// <summary>The write has succeeded.</summary>
    public void After(Write write)
    {
        if (write.Unjustified is { } reason)
        {
            _violations.Enqueue($"{write.Target} is deleted although {reason}");
        }

        if (write.Request is { Resource: "ocms", Subresource: "status" }
            && write.Body["status"]?["conditions"]?[0]?["status"]?.GetValue<string>() == "True"
            && NotReadyReason(new ObjectKey(write.Request.Namespace, write.Request.Name)) is { } because)
        {
            _violations.Enqueue($"OCM {write.Request.Namespace}/{write.Request.Name} is reported Ready although {because}");
        }
    }

    private string? NotDeletableReason(Write write)
    {
        if (write.Body["preconditions"]?["uid"] is null)
        {
            return "the request has no uid";
        }

        var isUninstall = write.Request.Resource == PlatformKinds.HelmRelease.Plural;
        return world.Onboarding.Find(world.Identity.Api.Ocm, world.Ocm) is { IsBeingDeleted: false } && Expected?.Has(write.Target) is true
            ? "its OCM is not being deleted, and needs it"
            : isUninstall && world.HasUserObjects && world.HasClusterRequest ? "users' objects exist on the control plane"
            : null;
    }

    private string? NotReadyReason(ObjectKey key)
    {
        var flux = new ObjectKey(PlatformNames.TenantNamespace(key.Namespace, key.Name), ObjectNames.Flux);
        var version = world.Onboarding.Find(world.Identity.Api.Ocm, key)?.Json.Text("spec", "version");
        var config = world.Platform.Find(world.Identity.Api.ProviderConfig, ObjectKey.ClusterScoped(world.Identity.ProviderName));
        return (world.Platform.Find(PlatformKinds.OciRepository, flux), world.Platform.Find(PlatformKinds.HelmRelease, flux)) switch
        {
            (null, _) => "there is no OCIRepository",
            (_, null) => "there is no HelmRelease",
            var (source, _) when source.Json.Text("spec", "ref", "tag") != version => $"the OCIRepository does not have version {version}",
            var (source, _) when source.Json.Text("spec", "url") != $"oci://{config?.Text("spec", "chartURL")}" =>
                "the OCIRepository does not have the chart URL of the ProviderConfig",
            var (_, release) when !AreEqual(release.At("spec", "values"), config?.At("spec", "values")) =>
                "the HelmRelease does not have the values of the ProviderConfig",
            var (source, release) when !IsObserved(source) || !IsObserved(release) => "Flux has not observed the latest generation",
            var (source, _) when !ReadyCondition.IsTrue(source) => "the OCIRepository is not Ready",
            var (source, _) when source.Json.Text("status", "artifact", "revision")?.StartsWith($"{version}@", StringComparison.Ordinal) is not true =>
                $"version {version} is not pulled",
            var (_, release) when !ReadyCondition.IsTrue(release) => "the HelmRelease is not Ready",
            var (source, release) when source.Json.Text("status", "artifact", "digest") != release.Json.Text("status", "lastAttemptedRevisionDigest") =>
                "the HelmRelease has another chart",
            _ => null,
        };
    }

    private static bool AreEqual(JsonElement? one, JsonElement? other) => (one, other) switch
    {
        ({ } left, { } right) => JsonElement.DeepEquals(left, right),
        _ => one is null && other is null,
    };

    private static bool IsObserved(KubeObject subject) => subject.Json.Number("status", "observedGeneration") == subject.Generation;

    /// <summary>A write.</summary>
    /// <param name="Cluster">Where.</param>
    /// <param name="Request">Its attributes.</param>
    /// <param name="Body">Its body.</param>
    /// <param name="Target">The object, as <see cref="EndState"/> names it.</param>
    internal sealed record Write(FaultCluster Cluster, RequestAttributes Request, JsonObject Body, string Target)
    {
        /// <summary>Why the object must not be deleted; null if it may, or if it is no deletion.</summary>
        public string? Unjustified { get; init; }
    }
}
