using System.Diagnostics;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks that the clusters meet the prerequisites of the controller (read-only).</summary>
/// <param name="identity">The identity of the controller.</param>
/// <param name="options">What the controller needs.</param>
/// <param name="group">Which API group is served.</param>
/// <param name="connectPlatform">Connects to the platform cluster.</param>
/// <param name="findOnboardingAsync">Finds the access to the onboarding cluster that is already granted.</param>
/// <param name="connectOnboarding">Connects to the onboarding cluster.</param>
/// <param name="time">Clock.</param>
public sealed class PrerequisiteChecker(
    Identity identity,
    PrerequisiteOptions options,
    CheckResult group,
    Func<KubernetesApi> connectPlatform,
    Func<OnboardingPurpose, CancellationToken, Task<OnboardingGrant>> findOnboardingAsync,
    Func<IConnectionSource, KubernetesApi> connectOnboarding,
    TimeProvider time)
{
    private const string Platform = "platform cluster";
    private const string Onboarding = "onboarding cluster";

    /// <summary>Runs all checks.</summary>
    /// <returns>The results, with the same names in the same order for the same settings.</returns>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        var platform = await GuardedAsync(
            Platform, () => ConnectAsync(Platform, connectPlatform(), cancellationToken));
        var onboarding = options.IsOnboardingLocal || platform.Api is not null
            ? await GuardedAsync(Onboarding, () => OnboardingAsync(cancellationToken))
            : new Reached(null, CheckResult.Skipped(Onboarding, $"Access to it is granted on the {Platform}, which is not available."));
        return
        [
            platform.Result,
            group,
            .. await RunAllAsync(Platform, platform, PlatformChecks.Of(identity, options, time), cancellationToken),
            onboarding.Result,
            .. await RunAllAsync(
                Onboarding, onboarding, OnboardingChecks.Of(identity.Api, options, ReaderOfDefinitionsAsync), cancellationToken),
        ];
    }

    private async Task<Reached> OnboardingAsync(CancellationToken cancellationToken)
    {
        var grant = await findOnboardingAsync(OnboardingPurpose.Run(identity.Api), cancellationToken);
        return grant switch
        {
            OnboardingGrant.Granted granted => await ConnectAsync(Onboarding, connectOnboarding(granted.Access), cancellationToken),
            OnboardingGrant.Missing { IsRequested: true } missing =>
                new Reached(null, CheckResult.Failed(Onboarding, missing.Error, missing.Fix)),
            OnboardingGrant.Missing missing => new Reached(null, CheckResult.Warning(Onboarding, missing.Error, missing.Fix)),
            _ => throw new UnreachableException($"unexpected grant: {grant}"),
        };
    }

    // The access of run does not include definitions; that of init does.
    private async Task<KubernetesApi> ReaderOfDefinitionsAsync(KubernetesApi onboarding, CancellationToken cancellationToken) =>
        !options.IsOnboardingLocal && await findOnboardingAsync(OnboardingPurpose.Init, cancellationToken) is OnboardingGrant.Granted granted
            ? connectOnboarding(granted.Access)
            : onboarding;

    private static async Task<Reached> ConnectAsync(string name, KubernetesApi api, CancellationToken cancellationToken)
    {
        var version = await api.GetVersionAsync(cancellationToken);
        return new Reached(api, CheckResult.Ok(name, $"Kubernetes {ForeignText.Quote(version.Version)} at {version.Server}"));
    }

    private static async Task<Reached> GuardedAsync(string name, Func<Task<Reached>> reachAsync)
    {
        try
        {
            return await reachAsync();
        }
        catch (Exception exception) when (exception is KubeconfigException || exception.InnerException is KubeconfigException)
        {
            return new Reached(
                null,
                CheckResult.Failed(name, $"{exception.Message.TrimEnd('.')}.", "Correct the kubeconfig or specify another one."));
        }
        catch (KubernetesApiException exception)
        {
            return new Reached(null, FailedCall(name, $"Request to the {name} failed", exception));
        }
    }

    private static async Task<IEnumerable<CheckResult>> RunAllAsync(
        string clusterName, Reached cluster, IEnumerable<Check> checks, CancellationToken cancellationToken) =>
        (await Task.WhenAll(checks.Select(check => cluster.Api is { } api
            ? RunAsync(check, api, cancellationToken)
            : Task.FromResult(Skipped(check.Names, $"The {clusterName} is not available."))))).SelectMany(found => found);

    private static async Task<IEnumerable<CheckResult>> RunAsync(Check check, KubernetesApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(api, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            return
            [
                FailedCall(check.Names[0], $"Check failed on the {api.ClusterName}", exception),
                .. Skipped(check.Names.Skip(1), $"See {check.Names[0]}."),
            ];
        }
    }

    private static IEnumerable<CheckResult> Skipped(IEnumerable<string> names, string message) =>
        names.Select(name => CheckResult.Skipped(name, message));

    private static CheckResult FailedCall(string name, string what, KubernetesApiException exception) =>
        CheckResult.Failed(name, $"{what}: {exception.Message.TrimEnd('.')}.", ApiErrorAdvice.ForCommand(exception));

    private sealed record Reached(KubernetesApi? Api, CheckResult Result);
}
