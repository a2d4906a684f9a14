using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Setup;

/// <summary>
/// Puts in place what the controller needs: our CustomResourceDefinitions, each on its cluster, then word to openmcp-operator.
/// Safe to be done again, and by several at once.
/// </summary>
/// <param name="api">The kinds that are served.</param>
/// <param name="installer">Installs definitions.</param>
/// <param name="serviceProvider">Tells openmcp-operator; null where there is none.</param>
public sealed class Initialisation(ProviderApi api, CrdInstaller installer, ServiceProviderStatus? serviceProvider)
{
    /// <summary>Does all that can be done, and tells what could not.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="onboarding">Leads to the onboarding cluster.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What has failed, one line each with its cure; empty if all of it has happened.</returns>
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
