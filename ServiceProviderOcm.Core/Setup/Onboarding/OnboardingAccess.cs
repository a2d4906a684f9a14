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

    private volatile string? _awaited;

    // The last error while waiting; empty if there is none.
    private volatile string _lastError = "";

    /// <summary>What is waited for, with the last error, such as <c>ClusterRequest x to be granted</c>; null if nothing.</summary>
    public string? WaitingFor => _awaited is not { } awaited ? null : _lastError.Length > 0 ? $"{awaited}: {_lastError}" : awaited;

    /// <summary>Requests access and waits for it.</summary>
    /// <param name="purpose">The purpose of the access.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="denialTimeout">How long what the platform forbids (401, 403) is retried: permissions may arrive late.</param>
    /// <param name="cancellationToken">Stops waiting, and later the watch of the granted access.</param>
    /// <returns>The connection to the onboarding cluster. It is updated when the kubeconfig or the Secret changes.</returns>
    /// <exception cref="OnboardingAccessException">The request was denied, the kinds are not served, or the timeout passed.</exception>
    public async Task<IConnectionSource> GetAsync(
        OnboardingPurpose purpose, TimeSpan timeout, TimeSpan denialTimeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var key = OnboardingRequests.Key(identity, purpose);
        try
        {
            Await($"ClusterRequest {key} to be granted");
            await RetryAsync(
                $"ClusterRequest {key}",
                token => platform.ApplyAsync(
                    PlatformKinds.ClusterRequest, OnboardingRequests.ClusterRequest(identity, key), isForced: true, token),
                denialTimeout,
                waiting.Token);
            LogWaiting(_awaited!);
            await GrantedAsync(PlatformKinds.ClusterRequest, key, waiting.Token);

            Await($"AccessRequest {key} to be granted");
            await RetryAsync($"AccessRequest {key}", token => RequestAsync(purpose, key, token), denialTimeout, waiting.Token);
            LogWaiting(_awaited!);
            var granted = await GrantedAsync(PlatformKinds.AccessRequest, key, waiting.Token);
            var secretName = AccessGrant.IsUsable(granted)
                ? AccessGrant.SecretName(granted)
                : throw new OnboardingAccessException($"AccessRequest {key} is granted, but status.secretRef is empty.");

            Await($"a kubeconfig in Secret {key with { Name = secretName }}");
            var source = await KubeconfigAsync(key, waiting.Token, cancellationToken);
            _awaited = null;
            return source;
        }
        catch (KubernetesApiException exception)
        {
            throw new OnboardingAccessException(
                $"Waiting on the {platform.ClusterName} for {_awaited} failed: {exception.Message}{Advise(exception)}", exception);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new OnboardingAccessException(
                $"Timed out after {timeout} waiting for {_awaited} on the {platform.ClusterName}: {(_lastError is { Length: > 0 } error ? error.TrimEnd('.') : Advice)}.",
                exception);
        }
    }

    private static string Advise(KubernetesApiException exception) => exception.IsNotFound
        ? ". Check that the CustomResourceDefinitions of clusters.openmcp.cloud are installed and the provider's namespace exists."
        : "";

    private void Await(string what) => (_lastError, _awaited) = ("", what);

    private Task<KubeObject> GrantedAsync(ResourceKind kind, ObjectKey key, CancellationToken cancellationToken) => informers.WaitAsync(
        platform,
        kind,
        key,
        request => AccessGrant.IsDenied(request)
            ? throw new OnboardingAccessException(
                $"{kind.Kind} {key} on the {platform.ClusterName} was denied. {AccessGrant.Explanation(request)}".TrimEnd())
            : AccessGrant.IsGranted(request),
        error => Report(error ?? ""),
        cancellationToken);

    private async Task RequestAsync(OnboardingPurpose purpose, ObjectKey key, CancellationToken cancellationToken)
    {
        var found = purpose.IsShared ? await platform.FindAsync(PlatformKinds.AccessRequest, key, cancellationToken) : null;
        var request = found switch
        {
            null => OnboardingRequests.AccessRequest(identity, purpose, key),
            { IsBeingDeleted: true } => throw new KubernetesApiException(409, "Conflict", $"AccessRequest {key} is being deleted"),
            _ => OnboardingRequests.Extended(identity, purpose, found),
        };
        if (request is not null)
        {
            await platform.ApplyAsync(PlatformKinds.AccessRequest, request, isForced: true, cancellationToken);
        }
    }

    // Transient errors are retried: the platform may be restarting. So is what is forbidden, for some time.
    private async Task RetryAsync(
        string request, Func<CancellationToken, Task> applyAsync, TimeSpan denialTimeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<KubernetesApiException>(exception =>
                        (exception.IsTransient && exception.InnerException is not KubeconfigException)
                        || exception.IsConflict
                        || (exception.IsDenied && time.GetElapsedTime(started) < denialTimeout)),
                MaxRetryAttempts = int.MaxValue,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    (arguments.Outcome.Exception as KubernetesApiException)?.RetryAfter ?? RetryBackoff.Delay(arguments.AttemptNumber)),
                OnRetry = arguments =>
                {
                    Report($"{request} was not applied: {arguments.Outcome.Exception!.Message}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        await retry.ExecuteAsync(async token => await applyAsync(token), cancellationToken);
        Report("");
    }

    private async Task<IConnectionSource> KubeconfigAsync(
        ObjectKey request, CancellationToken waiting, CancellationToken watching)
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
            Report(error);
            if (error.Length == 0)
            {
                arrived.TrySetResult();
            }
        }
    }

    private void Report(string error)
    {
        if (error.Length > 0 && error != _lastError)
        {
            LogError(error);
        }

        _lastError = error;
    }

    [LoggerMessage(LogLevel.Information, "Waiting for {What}")]
    private partial void LogWaiting(string what);

    [LoggerMessage(LogLevel.Warning, "Access to the onboarding cluster: {Error}")]
    private partial void LogError(string error);
}
