using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>
/// Stands in for the platform's cluster provider: grants or denies ClusterRequests and AccessRequests, the latter with kubeconfigs.
/// </summary>
/// <param name="platform">The platform cluster; the client has the field manager <see cref="Name"/>; its kinds must be installed.</param>
/// <param name="pace">When it reconciles.</param>
/// <param name="kubeconfigFor">Grants an AccessRequest and returns the kubeconfig; called from several threads.</param>
public sealed class ClusterProviderStandIn(IKubernetesApi platform, Pace pace, Func<KubeObject, Task<string>> kubeconfigFor)
    : StandInController(platform, pace, PlatformKinds.ClusterRequest, PlatformKinds.AccessRequest)
{
    /// <summary>Field manager.</summary>
    public const string Name = "cluster-provider-stand-in";

    /// <summary>The finalizer of granted AccessRequests.</summary>
    public const string Finalizer = "clusters.openmcp.cloud/cluster-provider";

    private const string Granted = "Granted";
    private const string Denied = "Denied";

    private volatile ClusterProviderBehaviour _behaviour;

    /// <summary>The behaviour from now on, also for requests that it has reconciled before.</summary>
    public ClusterProviderBehaviour Behaviour
    {
        get => _behaviour;
        set
        {
            _behaviour = value;
            ReconcileAll();
        }
    }

    /// <summary>The Secret of an AccessRequest.</summary>
    public static ObjectKey SecretOf(ObjectKey accessRequest) => new(accessRequest.Namespace, $"{accessRequest.Name}.kubeconfig");

    /// <summary>Renews the kubeconfigs of all granted AccessRequests, as before tokens expire.</summary>
    public Task RenewAsync(CancellationToken cancellationToken = default) => Task.WhenAll(
        All(PlatformKinds.AccessRequest)
            .Where(request => HasAnswered(request, Granted))
            .Select(request => WriteSecretAsync(request, cancellationToken)));

    /// <inheritdoc/>
    protected override Task<bool> ReconcileAsync(ResourceKind kind, KubeObject subject, CancellationToken cancellationToken) =>
        (Behaviour, subject.IsBeingDeleted, kind == PlatformKinds.AccessRequest) switch
        {
            (ClusterProviderBehaviour.Ignore, _, _) => Task.FromResult(true),
            (_, true, true) => RevokeAsync(subject, cancellationToken),
            (_, true, false) => Task.FromResult(true),
            (ClusterProviderBehaviour.Deny, _, _) => AnswerAsync(kind, subject, Denied, cancellationToken),
            (_, _, true) => GrantAccessAsync(subject, cancellationToken),
            (_, _, false) => AnswerAsync(kind, subject, Granted, cancellationToken),
        };

    private static bool HasAnswered(KubeObject request, string phase) =>
        request.Json.Text("status", "phase") == phase && request.Json.Number("status", "observedGeneration") == request.Generation;

    private async Task<bool> GrantAccessAsync(KubeObject request, CancellationToken cancellationToken)
    {
        if (HasAnswered(request, Granted))
        {
            return true;
        }

        var reference = new ObjectKey(
            request.Json.Text("spec", "requestRef", "namespace") ?? "", request.Json.Text("spec", "requestRef", "name") ?? "");
        if (Find(PlatformKinds.ClusterRequest, reference) is null)
        {
            return false;
        }

        await SetFinalizerAsync(PlatformKinds.AccessRequest, request, Finalizer, present: true, cancellationToken);
        await WriteSecretAsync(request, cancellationToken);
        return await AnswerAsync(PlatformKinds.AccessRequest, request, Granted, cancellationToken);
    }

    private async Task<bool> RevokeAsync(KubeObject request, CancellationToken cancellationToken)
    {
        if (request.Finalizers.Contains(Finalizer))
        {
            await Api.DeleteAsync(Kinds.Secret, SecretOf(request.Key), cancellationToken);
            await SetFinalizerAsync(PlatformKinds.AccessRequest, request, Finalizer, present: false, cancellationToken);
        }

        return true;
    }

    private async Task WriteSecretAsync(KubeObject request, CancellationToken cancellationToken)
    {
        var key = SecretOf(request.Key);
        var kubeconfig = await kubeconfigFor(request);
        await Api.ApplyAsync(
            Kinds.Secret,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = key.Namespace, ["name"] = key.Name },
                ["data"] = new JsonObject { ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)) },
            },
            cancellationToken);
    }

    private async Task<bool> AnswerAsync(ResourceKind kind, KubeObject request, string phase, CancellationToken cancellationToken)
    {
        if (HasAnswered(request, phase))
        {
            return true;
        }

        var status = new JsonObject { ["phase"] = phase, ["observedGeneration"] = request.Generation };
        if (kind == PlatformKinds.AccessRequest)
        {
            status["secretRef"] = phase == Granted ? new JsonObject { ["name"] = SecretOf(request.Key).Name } : null;
        }

        await SetStatusAsync(kind, request, status, cancellationToken);
        return true;
    }
}
