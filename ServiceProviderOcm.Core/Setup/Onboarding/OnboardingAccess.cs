using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>
/// Requests access to the onboarding cluster from the platform: a ClusterRequest, then an AccessRequest, then the kubeconfig in
/// its Secret. AccessRequest and Secret are watched from then on.
/// </summary>
public sealed partial class OnboardingAccess(
    IKubernetesApi platform,
    Identity identity,
    KubeconfigConnector connector,
    InformerFactory informers,
    TimeProvider time,
    ILogger<OnboardingAccess> logger)
{
    /// <summary>Default timeout for the platform to grant access.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    private const string Advice = "check that a cluster provider is running";

    private static readonly Backoff RetryBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), Random.Shared);

    /// <summary>What the controller waits for, such as <c>ClusterRequest x to be granted</c>; null if nothing.</summary>
    public string? WaitingFor { get; private set; }

    /// <summary>Requests access and waits for it.</summary>
    /// <param name="purpose">The purpose of the access.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Stops waiting, and later the watch of the granted access.</param>
    /// <returns>The connection to the onboarding cluster. It is updated when the kubeconfig or the Secret changes.</returns>
    /// <exception cref="OnboardingAccessException">The request was denied, the kinds are not served, or the timeout passed.</exception>
    public async Task<IConnectionSource> GetAsync(OnboardingPurpose purpose, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var key = OnboardingRequests.Key(identity, purpose);
        var lastError = new LastError();
        try
        {
            WaitingFor = $"ClusterRequest {key} to be granted";
            await ApplyAsync(PlatformKinds.ClusterRequest, OnboardingRequests.ClusterRequest(identity, key), lastError, waiting.Token);
            LogWaiting(WaitingFor);
            await GrantedAsync(PlatformKinds.ClusterRequest, key, lastError, waiting.Token);

            WaitingFor = $"AccessRequest {key} to be granted";
            await ApplyAsync(
                PlatformKinds.AccessRequest, OnboardingRequests.AccessRequest(identity, purpose, key), lastError, waiting.Token);
            LogWaiting(WaitingFor);
            var granted = await GrantedAsync(PlatformKinds.AccessRequest, key, lastError, waiting.Token);
            var secretName = AccessGrant.IsUsable(granted)
                ? AccessGrant.SecretName(granted)
                : throw new OnboardingAccessException($"AccessRequest {key} is granted, but status.secretRef is empty.");

            WaitingFor = $"a kubeconfig in Secret {key with { Name = secretName }}";
            var source = await KubeconfigAsync(key, lastError, waiting.Token, cancellationToken);
            WaitingFor = null;
            return source;
        }
        catch (KubernetesApiException exception)
        {
            throw new OnboardingAccessException(
                $"Waiting on the {platform.ClusterName} for {WaitingFor} failed: {exception.Message}{Advise(exception)}", exception);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new OnboardingAccessException(
                $"Timed out after {timeout} waiting for {WaitingFor} on the {platform.ClusterName}: {(lastError.Message.Length > 0 ? lastError.Message : Advice)}.",
                exception);
        }
    }

    private static string Advise(KubernetesApiException exception) => exception.IsNotFound
        ? ". Check that the CustomResourceDefinitions of clusters.openmcp.cloud are installed and the provider's namespace exists."
        : "";

    private Task<KubeObject> GrantedAsync(ResourceKind kind, ObjectKey key, LastError lastError, CancellationToken cancellationToken) =>
        informers.WaitAsync(
            platform,
            kind,
            key,
            request => AccessGrant.IsDenied(request)
                ? throw new OnboardingAccessException(
                    $"{kind.Kind} {key} on the {platform.ClusterName} was denied. {AccessGrant.Explanation(request)}".TrimEnd())
                : AccessGrant.IsGranted(request),
            error => lastError.Message = error ?? "",
            cancellationToken);

    // Transient errors are retried: the platform may be restarting.
    private async Task ApplyAsync(ResourceKind kind, KubeObject request, LastError lastError, CancellationToken cancellationToken)
    {
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<KubernetesApiException>(exception =>
                        (exception.IsTransient && exception.InnerException is not KubeconfigException) || exception.IsConflict),
                MaxRetryAttempts = int.MaxValue,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    (arguments.Outcome.Exception as KubernetesApiException)?.RetryAfter ?? RetryBackoff.Delay(arguments.AttemptNumber)),
                OnRetry = arguments =>
                {
                    Report(lastError, $"{kind.Kind} {request.Key} was not applied: {arguments.Outcome.Exception!.Message}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        await retry.ExecuteAsync(
            async token => await platform.ApplyAsync(kind, request, isForced: true, token), cancellationToken);
        lastError.Message = "";
    }

    private async Task<IConnectionSource> KubeconfigAsync(
        ObjectKey request, LastError lastError, CancellationToken waiting, CancellationToken watching)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = connector.CreateSource($"kubeconfig of AccessRequest {request}");
        var watcher = new AccessWatcher(platform, request, source, informers, OnKubeconfig);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(watching);
        _ = watcher.RunAsync(stop.Token);
        try
        {
            await arrived.Task.WaitAsync(waiting);
            return source;
        }
        catch
        {
            await stop.CancelAsync();
            source.Dispose();
            throw;
        }

        void OnKubeconfig(string error)
        {
            Report(lastError, error);
            if (error.Length == 0)
            {
                arrived.TrySetResult();
            }
        }
    }

    private void Report(LastError lastError, string error)
    {
        if (error.Length > 0 && error != lastError.Message)
        {
            LogError(error);
        }

        lastError.Message = error;
    }

    // The last error, for the message of the timeout; empty if there is none.
    private sealed class LastError
    {
        public string Message { get; set; } = "";
    }

    [LoggerMessage(LogLevel.Information, "Waiting for {What}")]
    private partial void LogWaiting(string what);

    [LoggerMessage(LogLevel.Warning, "Access to the onboarding cluster: {Error}")]
    private partial void LogError(string error);
}
