using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Looks whether the clusters have all that the controller needs. Writes nothing.</summary>
/// <param name="identity">Who the controller is.</param>
/// <param name="options">What it is going to need.</param>
/// <param name="connectPlatform">Leads to the platform cluster.</param>
/// <param name="findOnboardingAsync">Finds the access to the onboarding cluster that is there already.</param>
/// <param name="connectOnboarding">Leads to the onboarding cluster.</param>
/// <param name="time">Clock.</param>
public sealed class Preflight(
    Identity identity,
    PreflightOptions options,
    Func<KubernetesApi> connectPlatform,
    Func<OnboardingPurpose, CancellationToken, Task<OnboardingGrant>> findOnboardingAsync,
    Func<IConnectionSource, KubernetesApi> connectOnboarding,
    TimeProvider time)
{
    private const string Platform = "platform cluster";
    private const string Onboarding = "onboarding cluster";

    /// <summary>Looks at all that can be looked at.</summary>
    /// <returns>The findings: the same names in the same order for the same settings.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var platform = await GuardedAsync(
            Platform, () => AnsweringAsync(Platform, connectPlatform(), cancellationToken));
        var onboarding = options.IsOnboardingLocal || platform.Api is not null
            ? await GuardedAsync(Onboarding, () => OnboardingAsync(cancellationToken))
            : new Reached(null, Finding.Skipped(Onboarding, $"Access to it is found on the {Platform}, which cannot be asked."));
        return
        [
            platform.Finding,
            .. await AskAllAsync(Platform, platform, PlatformChecks.Of(identity, options, time), cancellationToken),
            onboarding.Finding,
            .. await AskAllAsync(
                Onboarding, onboarding, OnboardingChecks.Of(identity.Api, options, ReaderOfDefinitionsAsync), cancellationToken),
        ];
    }

    private async Task<Reached> OnboardingAsync(CancellationToken cancellationToken)
    {
        var grant = await findOnboardingAsync(OnboardingPurpose.Run(identity.Api), cancellationToken);
        return grant.Access is { } access
            ? await AnsweringAsync(Onboarding, connectOnboarding(access), cancellationToken)
            : new Reached(null, grant.IsAsked
                ? Finding.Failed(Onboarding, grant.Problem, grant.Cure)
                : Finding.Warning(Onboarding, grant.Problem, grant.Cure));
    }

    // The access that run is granted does not go as far as that of init.
    private async Task<KubernetesApi> ReaderOfDefinitionsAsync(KubernetesApi onboarding, CancellationToken cancellationToken) =>
        !options.IsOnboardingLocal && (await findOnboardingAsync(OnboardingPurpose.Init, cancellationToken)).Access is { } access
            ? connectOnboarding(access)
            : onboarding;

    private static async Task<Reached> AnsweringAsync(string name, KubernetesApi api, CancellationToken cancellationToken)
    {
        var version = await api.GetVersionAsync(cancellationToken);
        return new Reached(api, Finding.Ok(name, $"Kubernetes {version.Version} at {version.Server}"));
    }

    private static async Task<Reached> GuardedAsync(string name, Func<Task<Reached>> reachAsync)
    {
        try
        {
            return await reachAsync();
        }
        catch (Exception exception) when (exception is KubeconfigException || exception.InnerException is KubeconfigException)
        {
            return new Reached(null, Finding.Failed(name, $"{exception.Message.TrimEnd('.')}.", "Correct the kubeconfig, or name another."));
        }
        catch (KubernetesApiException exception)
        {
            return new Reached(null, Refused(name, $"The {name} cannot be asked", exception));
        }
    }

    private static async Task<IEnumerable<Finding>> AskAllAsync(
        string clusterName, Reached cluster, IEnumerable<Check> checks, CancellationToken cancellationToken) =>
        (await Task.WhenAll(checks.Select(check => cluster.Api is { } api
            ? AskAsync(check, api, cancellationToken)
            : Task.FromResult(Skipped(check.Names, $"The {clusterName} cannot be asked."))))).SelectMany(found => found);

    private static async Task<IEnumerable<Finding>> AskAsync(Check check, KubernetesApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await check.AskAsync(api, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            return
            [
                Refused(check.Names[0], $"The {api.ClusterName} does not say", exception),
                .. Skipped(check.Names.Skip(1), $"See {check.Names[0]}."),
            ];
        }
    }

    private static IEnumerable<Finding> Skipped(IEnumerable<string> names, string message) =>
        names.Select(name => Finding.Skipped(name, message));

    private static Finding Refused(string name, string what, KubernetesApiException exception) =>
        Finding.Failed(name, $"{what}: {exception.Message.TrimEnd('.')}.", SetupAdvice.For(exception));

    private sealed record Reached(KubernetesApi? Api, Finding Finding);
}
