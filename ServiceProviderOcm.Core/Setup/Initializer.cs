using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>
/// Installs the CustomResourceDefinitions on their clusters, then registers the kinds with openmcp-operator. Idempotent, and safe to
/// run concurrently.
/// </summary>
/// <param name="api">The served kinds.</param>
/// <param name="installer">Installs definitions.</param>
/// <param name="review">Checks the ProviderConfig.</param>
/// <param name="serviceProvider">Registers the kinds; null without openmcp-operator.</param>
public sealed class Initializer(
    ProviderApi api, CrdInstaller installer, ProviderConfigReview review, ServiceProviderStatus? serviceProvider)
{
    /// <summary>Runs all steps, and continues after a failure.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="onboarding">Connects to the onboarding cluster.</param>
    /// <param name="cancellationToken">Cancels the steps.</param>
    /// <returns>The failures, one line each with the fix; empty on success.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(
        IKubernetesApi platform, Func<CancellationToken, Task<IKubernetesApi>> onboarding, CancellationToken cancellationToken)
    {
        var failures = (await Task.WhenAll(
            InstallAsync("platform", _ => Task.FromResult(platform), cancellationToken),
            InstallAsync("onboarding", onboarding, cancellationToken))).SelectMany(found => found).ToList();
        if (failures.Count == 0 && serviceProvider is not null)
        {
            failures.AddRange(await FailuresOfAsync(() => serviceProvider.ReportAsync(cancellationToken)));
        }

        if (failures.Count == 0)
        {
            await review.ReviewAsync(platform, cancellationToken);
        }

        return failures;
    }

    private async Task<IReadOnlyList<string>> InstallAsync(
        string label, Func<CancellationToken, Task<IKubernetesApi>> connect, CancellationToken cancellationToken)
    {
        List<string> failures = [];
        failures.AddRange(await FailuresOfAsync(async () =>
        {
            var cluster = await connect(cancellationToken);
            foreach (var definition in ProviderCrds.Of(api).Where(definition => definition.Labels[ProviderCrds.ClusterLabel] == label))
            {
                failures.AddRange(await FailuresOfAsync(() => installer.InstallAsync(cluster, definition, cancellationToken)));
            }
        }));
        return failures;
    }

    private static async Task<IReadOnlyList<string>> FailuresOfAsync(Func<Task> work)
    {
        try
        {
            await work();
            return [];
        }
        catch (Exception exception) when (exception is SetupException or OnboardingAccessException or KubeconfigException)
        {
            return [exception.Message];
        }
    }
}
