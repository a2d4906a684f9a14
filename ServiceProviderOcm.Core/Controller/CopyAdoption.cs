using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// Labels the Secret copies in tenant namespaces that the Go provider has left without labels, so that they are watched and pruned like
/// all copies. Runs once, after OCMs have been listed: only copies of tenants with an OCM are adopted. Those of OCMs that are paused
/// are adopted after the pause.
/// </summary>
/// <param name="identity">The identity of the provider.</param>
/// <param name="platform">The platform cluster.</param>
/// <param name="ocmOf">The OCM of a tenant namespace, or null.</param>
/// <param name="mayWrite">Whether OCMs and the ProviderConfig are known, and the latter does not pause all OCMs.</param>
/// <param name="isIgnored">Whether an OCM is paused by an annotation.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Log.</param>
internal sealed partial class CopyAdoption(
    Identity identity,
    IKubernetesApi platform,
    Func<string, ObjectKey?> ocmOf,
    Func<bool> mayWrite,
    Predicate<ObjectKey> isIgnored,
    TimeProvider time,
    ILogger<CopyAdoption> logger)
{
    private static readonly Backoff RetryBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30), Random.Shared);

    private readonly IReadOnlyDictionary<string, string> _labels = ManagedObjects.Labels(identity.Api);

    private readonly Signal _signal = new();

    private volatile bool _isDone;

    /// <summary>An OCM or the ProviderConfig changed, or more is known of them.</summary>
    public void Signal()
    {
        if (!_isDone)
        {
            _signal.Set();
        }
    }

    /// <summary>Adopts the copies. Returns when all are adopted.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Signal();
            IReadOnlySet<ObjectKey>? paused = null;
            await foreach (var _ in _signal.AllAsync(cancellationToken))
            {
                if (!mayWrite() || paused?.All(ocm => isIgnored(ocm)) is true)
                {
                    continue;
                }

                paused = await AdoptAllAsync(cancellationToken);
                if (paused.Count == 0)
                {
                    _isDone = true;
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    // Returns the OCMs that are paused.
    private async Task<IReadOnlySet<ObjectKey>> AdoptAllAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TryAdoptAllAsync(cancellationToken);
            }
            catch (KubernetesApiException exception)
            {
                LogFailed(exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogUnexpected(exception);
            }

            await Task.Delay(RetryBackoff.Delay(attempt), time, cancellationToken);
        }
    }

    private async Task<IReadOnlySet<ObjectKey>> TryAdoptAllAsync(CancellationToken cancellationToken)
    {
        HashSet<ObjectKey> paused = [];
        KubernetesApiException? failure = null;
        var unlabelled = new WatchScope(LabelSelector: $"!{ObjectNames.ManagedByLabel}") { IsMetadataOnly = true };
        foreach (var secret in (await platform.ListAllAsync(Kinds.Secret, unlabelled, cancellationToken)).Objects)
        {
            if (!IsCopy(secret) || ocmOf(secret.Namespace) is not { } ocm)
            {
                continue;
            }

            if (!mayWrite() || isIgnored(ocm))
            {
                paused.Add(ocm);
            }
            else
            {
                try
                {
                    await AdoptAsync(secret, ocm, cancellationToken);
                }
                catch (KubernetesApiException exception)
                {
                    failure = exception;
                }
            }
        }

        return failure is null ? paused : throw failure;
    }

    private bool IsCopy(KubeObject secret) =>
        !secret.IsBeingDeleted
        && secret.Namespace.StartsWith(PlatformNames.TenantNamespacePrefix, StringComparison.Ordinal)
        && secret.Name.StartsWith(ObjectNames.SecretCopyPrefix, StringComparison.Ordinal)
        && ManagedObjects.IsManaged(secret, _labels);

    private async Task AdoptAsync(KubeObject secret, ObjectKey ocm, CancellationToken cancellationToken)
    {
        var labels = new JsonObject
        {
            [ObjectNames.OnboardingNameLabel] = ObjectNames.LabelValue(ocm.Name),
            [ObjectNames.OnboardingNamespaceLabel] = ObjectNames.LabelValue(ocm.Namespace),
            [ObjectNames.ProviderLabel(identity.Api)] = ObjectNames.LabelValue(identity.ProviderName),
        };
        foreach (var (name, value) in _labels)
        {
            labels[name] = value;
        }

        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = secret.Uid, ["labels"] = labels } };
        try
        {
            await platform.MergePatchAsync(Kinds.Secret, secret.Key, patch.ToElement(), subresource: null, cancellationToken);
            LogAdopted(secret.Key);
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound || exception.IsConflict)
        {
            // Deleted or replaced meanwhile.
        }
    }

    [LoggerMessage(LogLevel.Information, "Adopted Secret {Secret}, a copy without labels")]
    private partial void LogAdopted(ObjectKey secret);

    [LoggerMessage(LogLevel.Warning, "Copies of image pull secrets without labels were not adopted, which is retried: {Error}")]
    private partial void LogFailed(string error);

    [LoggerMessage(LogLevel.Error, "Unexpected error while adopting copies of image pull secrets, which is retried")]
    private partial void LogUnexpected(Exception exception);
}
