using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Groups;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Connections;

/// <summary>Selects the API group that is served, and with it the access to the onboarding cluster.</summary>
public sealed partial class GroupSelection(
    IOptions<ProviderOptions> options, Clusters clusters, TimeProvider time, ILogger<GroupSelection> logger)
{
    private static readonly Backoff RetryBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), Random.Shared);

    /// <summary>How long a command that ends retries what it may not read: permissions and tokens that are being granted take a moment.</summary>
    public static readonly TimeSpan ShortDenial = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReductionRetry = TimeSpan.FromMinutes(1);

    private readonly ProviderOptions _options = options.Value;
    private readonly GroupInspector _inspector = new(options.Value.ProviderName, options.Value.ApiGroup, options.Value.Standalone);
    private (ProviderApi Api, OnboardingPurpose Purpose)? _former;
    private OnboardingPurpose? _purpose;
    private volatile string _unread = "";

    /// <summary>Whether no group is configured, so that what exists decides.</summary>
    public bool IsDetecting => _options.ApiGroup.Length == 0;

    /// <summary>What is waited for before the access is granted, with the last error; null if nothing is.</summary>
    public string? WaitingFor => _unread.Length > 0 ? $"what decides on the API group to be readable: {_unread}" : clusters.WaitingFor;

    /// <summary>What was found of OCMs in another group, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Selects the group for <c>init</c> or <c>run</c>, and requests access for it.</summary>
    /// <param name="purposeOf">The purpose of the access, without detection.</param>
    /// <param name="denialTimeout">How long what may not be read or requested (401, 403) is retried, within the timeout for access.</param>
    /// <param name="cancellationToken">Ends waiting, and after that the watch of the access.</param>
    /// <returns>The access to the onboarding cluster.</returns>
    /// <exception cref="GroupSelectionException">More than one group is in use, or the clusters cannot be read.</exception>
    /// <exception cref="OnboardingAccessException">The platform does not grant access.</exception>
    public async Task<IConnectionSource> AccessAsync(
        Func<ProviderApi, OnboardingPurpose> purposeOf, TimeSpan denialTimeout, CancellationToken cancellationToken)
    {
        if (!IsDetecting)
        {
            Serve(GroupChoice.Of(_inspector.WithoutPlatform()));
            _purpose = purposeOf(clusters.Identity.Api);
            return await clusters.AccessOnboardingAsync(_purpose, denialTimeout, cancellationToken);
        }

        var platform = clusters.Platform(ClientOptions.Default);
        var facts = await RetryAsync(
            token => _inspector.ReadPlatformAsync(platform, token), GroupChoice.UnreadOnPlatform, denialTimeout, cancellationToken);

        // The name of the access derives from the group, and only the access shows which group that is.
        var provisional = GroupChoice.Provisional(facts);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var access = await RequestAsync(provisional, stop.Token);
        var onboarding = clusters.Onboarding(access, ClientOptions.Default);
        GroupFacts? known = facts;
        var decision = await RetryAsync(DecideAsync, found => found as GroupDecision.Undetermined, denialTimeout, cancellationToken);
        if (Serve(decision) == provisional)
        {
            return access;
        }

        await stop.CancelAsync();
        stop.Dispose();
        var replacement = await RequestAsync(clusters.Identity.Api, cancellationToken);
        _former = (provisional, purposeOf(provisional));
        return replacement;

        async Task<GroupDecision> DecideAsync(CancellationToken token)
        {
            var read = known ?? await _inspector.ReadPlatformAsync(platform, token);
            known = null;
            return GroupChoice.Of(await GroupInspector.WithOcmsAsync(read, onboarding, platform, token));
        }

        Task<IConnectionSource> RequestAsync(ProviderApi api, CancellationToken token)
        {
            clusters.Serve(api);
            var purpose = purposeOf(api);
            _purpose = purpose.WithDetection(purpose.Rules.Any(rule => rule.ApiGroup == api.Group) ? api : null);
            return clusters.AccessOnboardingAsync(_purpose, denialTimeout, token);
        }
    }

    /// <summary>
    /// Removes permissions on the onboarding cluster that this provider does not need: the Go provider and other releases request more. Call it
    /// as the leader, when neither of them works any more.
    /// </summary>
    /// <param name="apiOptions">For the platform cluster.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task ReduceAccessAsync(KubernetesApiOptions apiOptions, CancellationToken cancellationToken)
    {
        if (_purpose is not { IsShared: true } purpose || _options.IsOnboardingLocal)
        {
            return;
        }

        try
        {
            while (!await TryReduceAccessAsync(clusters.Platform(apiOptions), purpose, cancellationToken))
            {
                await Task.Delay(ReductionRetry, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next leader does it.
        }
    }

    private async Task<bool> TryReduceAccessAsync(IKubernetesApi platform, OnboardingPurpose purpose, CancellationToken cancellationToken)
    {
        try
        {
            if (await OnboardingReduction.ReduceAsync(platform, clusters.Identity, purpose, cancellationToken))
            {
                LogReduced();
            }

            return true;
        }
        catch (KubernetesApiException exception)
        {
            LogNotReduced(exception.Message);
            return false;
        }
    }

    /// <summary>
    /// Removes the access of another group that was needed to find out which one is in use. A leader of that group may work with the access of
    /// <c>run</c> until its Lease is free; a standby removes nothing.
    /// </summary>
    /// <param name="apiOptions">For the platform cluster.</param>
    /// <param name="isUsedByLeader">Whether it is the access of <c>run</c>.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task RemoveFormerAccessAsync(KubernetesApiOptions apiOptions, bool isUsedByLeader, CancellationToken cancellationToken)
    {
        if (_former is not var (api, purpose) || _options.IsOnboardingLocal)
        {
            return;
        }

        var former = clusters.Identity with { Api = api };
        var platform = clusters.PlatformOf(api, apiOptions);
        try
        {
            if (isUsedByLeader)
            {
                LogRemoving(api.Group, former.Lease);
                var leader = new PeerLease(platform, former.Lease, _options.WaitTimeout, time, NullLogger<PeerLease>.Instance);
                if (!await leader.WaitUntilFreeAsync(cancellationToken))
                {
                    LogNotRemoved(api.Group, $"Lease {former.Lease} may not be read");
                    return;
                }
            }

            await OnboardingRemoval.RemoveAsync(platform, former, purpose, cancellationToken);
            LogReplaced(api.Group, clusters.Identity.Api.Group);
        }
        catch (KubernetesApiException exception)
        {
            LogNotRemoved(api.Group, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next leader removes it.
        }
    }

    /// <summary>Selects the group for a command that reads, by the access that exists.</summary>
    /// <exception cref="KubernetesApiException">A cluster is unreachable.</exception>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig.</exception>
    public async Task<GroupDecision> InspectAsync(CancellationToken cancellationToken)
    {
        var platform = _options.IsPlatformGiven ? clusters.Platform(ClientOptions.Command) : null;
        var facts = platform is null ? _inspector.WithoutPlatform() : await _inspector.ReadPlatformAsync(platform, cancellationToken);
        var provisional = GroupChoice.Provisional(facts);
        facts = await FindAccessAsync(provisional, cancellationToken) switch
        {
            OnboardingGrant.Granted granted => await GroupInspector.WithOcmsAsync(
                facts, clusters.Onboarding(granted.Access, ClientOptions.Command), platform, cancellationToken),
            OnboardingGrant.Missing missing when IsDetecting => GroupInspector.WithoutOcms(facts, missing.Error),
            _ => facts,
        };
        var decision = GroupChoice.Of(facts);
        clusters.Serve(decision is GroupDecision.Served served ? served.Api : provisional);
        return decision;
    }

    private async Task<OnboardingGrant> FindAccessAsync(ProviderApi provisional, CancellationToken cancellationToken)
    {
        OnboardingGrant? first = null;
        foreach (var api in (IsDetecting ? provisional.Others : []).Prepend(provisional))
        {
            clusters.Serve(api);
            foreach (var purpose in new[] { OnboardingPurpose.Run(api), OnboardingPurpose.Init })
            {
                var grant = await clusters.FindOnboardingAsync(purpose, ClientOptions.Command, onError: null, cancellationToken);
                if (grant is OnboardingGrant.Granted)
                {
                    return grant;
                }

                first ??= grant;
            }
        }

        return first!;
    }

    private ProviderApi Serve(GroupDecision decision)
    {
        if (decision is GroupDecision.Undecided undecided)
        {
            throw new GroupSelectionException($"{undecided.Error} {undecided.Fix}");
        }

        var served = (GroupDecision.Served)decision;
        Warnings = served.IsOtherInUse ? served.Warnings : [];
        clusters.Serve(served.Api);
        LogServed(served.Api.Group, served.Reason);
        foreach (var warning in served.Warnings)
        {
            LogWarning(warning);
        }

        return served.Api;
    }

    // The platform may be restarting. What may not be read is not missing.
    private async Task<T> RetryAsync<T>(
        Func<CancellationToken, Task<T>> readAsync,
        Func<T, GroupDecision.Undetermined?> unreadOf,
        TimeSpan denialTimeout,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.OnboardingTimeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var started = time.GetTimestamp();
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                var delay = RetryBackoff.Delay(attempt);
                try
                {
                    var read = await readAsync(waiting.Token);
                    if (unreadOf(read) is not { } unread)
                    {
                        _unread = "";
                        return read;
                    }

                    var elapsed = time.GetElapsedTime(started);
                    if (elapsed + delay >= denialTimeout || elapsed + delay >= _options.OnboardingTimeout)
                    {
                        throw new GroupSelectionException($"{unread.Error} {unread.Fix}");
                    }

                    Report($"{unread.Error} {unread.Fix}");
                }
                catch (KubernetesApiException exception) when (exception.IsTransient && exception.InnerException is not KubeconfigException)
                {
                    Report(exception.Message);
                    delay = exception.RetryAfter ?? delay;
                }

                await Task.Delay(delay, time, waiting.Token);
            }
        }
        catch (KubernetesApiException exception)
        {
            throw new GroupSelectionException(
                $"Cannot find out which API group is in use: {exception.Message.TrimEnd('.')}. Set --api-group, or fix the error.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GroupSelectionException(
                $"Timed out after {_options.OnboardingTimeout} reading which API group is in use. Check the clusters, or set --api-group.", exception);
        }
    }

    private void Report(string error)
    {
        if (error != _unread)
        {
            LogRetry(error);
        }

        _unread = error;
    }

    [LoggerMessage(LogLevel.Information, "API group {Group} is served: {Reason}")]
    private partial void LogServed(string group, string reason);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(LogLevel.Warning, "Reading which API group is in use failed and is retried: {Error}")]
    private partial void LogRetry(string error);

    [LoggerMessage(LogLevel.Information, "Access to the onboarding cluster was requested for API group {Group}, which is removed when Lease {Lease} is free")]
    private partial void LogRemoving(string group, ObjectKey lease);

    [LoggerMessage(LogLevel.Information, "Reduced the access to the onboarding cluster to the permissions that this provider needs")]
    private partial void LogReduced();

    [LoggerMessage(LogLevel.Warning, "The access to the onboarding cluster has more permissions than needed and was not reduced, which is retried: {Error}")]
    private partial void LogNotReduced(string error);

    [LoggerMessage(LogLevel.Information, "Replaced the access to the onboarding cluster of API group {Former} by that of {Group}")]
    private partial void LogReplaced(string former, string group);

    [LoggerMessage(LogLevel.Warning, "The access to the onboarding cluster of API group {Group} is not needed any more and was not removed: {Error}")]
    private partial void LogNotRemoved(string group, string error);
}
