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
/// all copies. Runs once, after OCMs have been listed: only copies of tenants with an OCM are adopted.
/// </summary>
internal sealed partial class CopyAdoption(
    Identity identity,
    IKubernetesApi platform,
    Func<string, ObjectKey?> ocmOf,
    Func<bool> areOcmsSynced,
    TimeProvider time,
    ILogger<CopyAdoption> logger)
{
    private const int MaxAttempts = 10;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly Backoff RetryBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Random.Shared);

    private readonly IReadOnlyDictionary<string, string> _labels = ManagedObjects.Labels(identity.Api);

    /// <summary>Adopts the copies.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!areOcmsSynced())
            {
                await Task.Delay(Poll, time, cancellationToken);
            }

            for (var attempt = 0; attempt < MaxAttempts && !await TryAdoptAsync(cancellationToken); attempt++)
            {
                await Task.Delay(RetryBackoff.Delay(attempt), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task<bool> TryAdoptAsync(CancellationToken cancellationToken)
    {
        try
        {
            var unlabelled = new WatchScope(LabelSelector: $"!{ObjectNames.ManagedByLabel}") { IsMetadataOnly = true };
            foreach (var secret in (await platform.ListAllAsync(Kinds.Secret, unlabelled, cancellationToken)).Objects)
            {
                if (IsCopy(secret) && ocmOf(secret.Namespace) is { } ocm)
                {
                    await AdoptAsync(secret, ocm, cancellationToken);
                }
            }

            return true;
        }
        catch (KubernetesApiException exception)
        {
            LogFailed(exception.Message);
            return false;
        }
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
}
