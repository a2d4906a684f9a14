using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>
/// Gets access to the onboarding cluster from the platform: a ClusterRequest, then an AccessRequest, then the kubeconfig in
/// the Secret that this yields. AccessRequest and Secret are followed from then on.
/// </summary>
public sealed partial class OnboardingAccess(
    IKubernetesApi platform,
    Identity identity,
    ControlPlaneConnector connector,
    InformerFactory informers,
    TimeProvider time,
    ILogger<OnboardingAccess> logger)
{
    /// <summary>How long the platform may take, unless configured otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    private const string Advice = "see whether a cluster provider is running there";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>What the platform is being waited for, such as <c>ClusterRequest x to be granted</c>; null if for nothing.</summary>
    public string? WaitingFor { get; private set; }

    /// <summary>Asks for access and waits for it.</summary>
    /// <param name="purpose">What access is for.</param>
    /// <param name="timeout">When to give up.</param>
    /// <param name="cancellationToken">Ends waiting, and after that the following of what has been granted.</param>
    /// <returns>Where the onboarding cluster is, also after the kubeconfig has been renewed or another Secret has taken its place.</returns>
    /// <exception cref="OnboardingAccessException">The platform refuses, does not know the requests, or takes too long.</exception>
    public async Task<IConnectionSource> GetAsync(OnboardingPurpose purpose, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var key = OnboardingRequests.Key(identity, purpose);
        var trouble = new Trouble();
        try
        {
            WaitingFor = $"ClusterRequest {key} to be granted";
            await ApplyAsync(Kinds.ClusterRequest, OnboardingRequests.ClusterRequest(identity, key), trouble, waiting.Token);
            LogWaiting(WaitingFor);
            await GrantedAsync(Kinds.ClusterRequest, key, trouble, waiting.Token);

            WaitingFor = $"AccessRequest {key} to be granted";
            await ApplyAsync(Kinds.AccessRequest, OnboardingRequests.AccessRequest(identity, purpose, key), trouble, waiting.Token);
            LogWaiting(WaitingFor);
            var granted = await GrantedAsync(Kinds.AccessRequest, key, trouble, waiting.Token);
            var secretName = AccessGrant.SecretName(granted)
                ?? throw new OnboardingAccessException($"AccessRequest {key} has been granted without a Secret (status.secretRef is empty).");

            WaitingFor = $"a kubeconfig in Secret {key with { Name = secretName }}";
            var source = await KubeconfigAsync(key, trouble, waiting.Token, cancellationToken);
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
                $"Waited {timeout} in vain for {WaitingFor} on the {platform.ClusterName}; {trouble.Last ?? Advice}.", exception);
        }
    }

    private static string Advise(KubernetesApiException exception) => exception.IsNotFound
        ? ". Are the CustomResourceDefinitions of clusters.openmcp.cloud installed there, and is our namespace?"
        : "";

    private Task<KubeObject> GrantedAsync(ResourceKind kind, ObjectKey key, Trouble trouble, CancellationToken cancellationToken) =>
        informers.WaitAsync(
            platform,
            kind,
            key,
            request => AccessGrant.IsDenied(request)
                ? throw new OnboardingAccessException(
                    $"{kind.Kind} {key} on the {platform.ClusterName} has been denied. {AccessGrant.Explanation(request)}".TrimEnd())
                : AccessGrant.IsGranted(request),
            problem => trouble.Last = problem,
            cancellationToken);

    // The platform may be restarting while we start: what is no answer to the request as such is no reason to end the process.
    private async Task ApplyAsync(ResourceKind kind, KubeObject request, Trouble trouble, CancellationToken cancellationToken)
    {
        var untilTimeIsUp = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<KubernetesApiException>(exception =>
                        (exception.IsTransient && exception.InnerException is not KubeconfigException) || exception.IsConflict),
                MaxRetryAttempts = int.MaxValue,
                Delay = ShortestPause,
                MaxDelay = LongestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as KubernetesApiException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    Tell(trouble, $"{kind.Kind} {request.Key} cannot be applied: {arguments.Outcome.Exception!.Message}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        await untilTimeIsUp.ExecuteAsync(
            async token => await platform.ApplyAsync(kind, request, isForced: true, token), cancellationToken);
        trouble.Last = null;
    }

    private async Task<IConnectionSource> KubeconfigAsync(
        ObjectKey request, Trouble trouble, CancellationToken waiting, CancellationToken following)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = connector.CreateSource($"kubeconfig of AccessRequest {request}");
        var follower = new AccessFollower(platform, request, source, informers, OnKubeconfig);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(following);
        _ = follower.RunAsync(stop.Token);
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

        void OnKubeconfig(string? problem)
        {
            Tell(trouble, problem);
            if (problem is null)
            {
                arrived.TrySetResult();
            }
        }
    }

    private void Tell(Trouble trouble, string? problem)
    {
        if (problem is not null && problem != trouble.Last)
        {
            LogProblem(problem);
        }

        trouble.Last = problem;
    }

    // What stands in the way at the moment, for the message when time is up.
    private sealed class Trouble
    {
        public string? Last { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "Waiting for {What}")]
    private partial void LogWaiting(string what);

    [LoggerMessage(LogLevel.Warning, "Access to the onboarding cluster: {Problem}")]
    private partial void LogProblem(string problem);
}
