using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
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

    private readonly ProviderOptions _options = options.Value;
    private readonly GroupInspector _inspector = new(options.Value.ProviderName, options.Value.ApiGroup);

    /// <summary>Whether no group is configured, so that what exists decides.</summary>
    public bool IsDetecting => _options.ApiGroup.Length == 0;

    /// <summary>Selects the group for <c>init</c> or <c>run</c>, and requests access for it.</summary>
    /// <param name="purposeOf">The purpose of the access, without detection.</param>
    /// <param name="cancellationToken">Ends waiting, and after that the watch of the access.</param>
    /// <returns>The access to the onboarding cluster.</returns>
    /// <exception cref="GroupSelectionException">More than one group is in use, or the clusters cannot be read.</exception>
    /// <exception cref="OnboardingAccessException">The platform does not grant access.</exception>
    public async Task<IConnectionSource> AccessAsync(Func<ProviderApi, OnboardingPurpose> purposeOf, CancellationToken cancellationToken)
    {
        if (!IsDetecting)
        {
            Serve(GroupChoice.Of(_inspector.WithoutPlatform()));
            return await clusters.AccessOnboardingAsync(purposeOf(clusters.Identity.Api), cancellationToken);
        }

        var platform = clusters.Platform(ClientOptions.Default);
        var facts = await RetryAsync(token => _inspector.ReadPlatformAsync(platform, token), cancellationToken);

        // The name of the access derives from the group, and only the access shows which group that is.
        var provisional = GroupChoice.Provisional(facts);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var access = await RequestAsync(provisional, stop.Token);
        var onboarding = clusters.Onboarding(access, ClientOptions.Default);
        facts = await RetryAsync(token => GroupInspector.WithOcmsAsync(facts, onboarding, token), cancellationToken);
        if (Serve(GroupChoice.Of(facts)) == provisional)
        {
            return access;
        }

        await stop.CancelAsync();
        stop.Dispose();
        var served = clusters.Identity;
        var replacement = await RequestAsync(served.Api, cancellationToken);
        if (!_options.IsOnboardingLocal)
        {
            await OnboardingRemoval.RemoveAsync(
                platform, served with { Api = provisional }, purposeOf(provisional), cancellationToken);
            LogReplaced(provisional.Group, served.Api.Group);
        }

        return replacement;

        Task<IConnectionSource> RequestAsync(ProviderApi api, CancellationToken token)
        {
            clusters.Serve(api);
            var purpose = purposeOf(api);
            return clusters.AccessOnboardingAsync(
                purpose.WithDetection(purpose.Rules.Any(rule => rule.ApiGroup == api.Group) ? api : null), token);
        }
    }

    /// <summary>Selects the group for a command that reads, by the access that exists.</summary>
    /// <exception cref="KubernetesApiException">A cluster is unreachable.</exception>
    /// <exception cref="KubeconfigException">There is no usable kubeconfig.</exception>
    public async Task<GroupDecision> InspectAsync(CancellationToken cancellationToken)
    {
        var facts = _options.IsPlatformGiven
            ? await _inspector.ReadPlatformAsync(clusters.Platform(ClientOptions.Command), cancellationToken)
            : _inspector.WithoutPlatform();
        var provisional = GroupChoice.Provisional(facts);
        facts = await FindAccessAsync(provisional, cancellationToken) switch
        {
            OnboardingGrant.Granted granted => await GroupInspector.WithOcmsAsync(
                facts, clusters.Onboarding(granted.Access, ClientOptions.Command), cancellationToken),
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
        foreach (var api in ProviderApi.KnownGroups.Select(group => new ProviderApi(group)).Where(api => IsDetecting && api != provisional)
            .Prepend(provisional))
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
        if (decision is GroupDecision.Ambiguous ambiguous)
        {
            throw new GroupSelectionException($"{ambiguous.Error} {ambiguous.Fix}");
        }

        var served = (GroupDecision.Served)decision;
        clusters.Serve(served.Api);
        LogServed(served.Api.Group, served.Reason);
        foreach (var warning in served.Warnings)
        {
            LogWarning(warning);
        }

        return served.Api;
    }

    // The platform may be restarting.
    private async Task<GroupFacts> RetryAsync(Func<CancellationToken, Task<GroupFacts>> readAsync, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.OnboardingTimeout, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await readAsync(waiting.Token);
            }
            catch (KubernetesApiException exception) when (!exception.IsTransient || exception.InnerException is KubeconfigException)
            {
                throw new GroupSelectionException(
                    $"Cannot find out which API group is in use: {exception.Message.TrimEnd('.')}. Set --api-group, or fix the error.", exception);
            }
            catch (KubernetesApiException exception)
            {
                LogRetry(exception.Message);
                await Task.Delay(exception.RetryAfter ?? RetryBackoff.Delay(attempt), time, waiting.Token);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new GroupSelectionException(
                    $"Timed out after {_options.OnboardingTimeout} reading which API group is in use. Check the clusters, or set --api-group.",
                    exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "API group {Group} is served: {Reason}")]
    private partial void LogServed(string group, string reason);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(LogLevel.Warning, "Reading which API group is in use failed and is retried: {Error}")]
    private partial void LogRetry(string error);

    [LoggerMessage(LogLevel.Information, "Replaced the access to the onboarding cluster of API group {Former} by that of {Group}")]
    private partial void LogReplaced(string former, string group);
}
