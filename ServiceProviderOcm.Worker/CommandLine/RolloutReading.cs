using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Rollouts;
using ServiceProviderOcm.Core.Tools.Status;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>Reads the rollout from the platform cluster, and explains on standard error what cannot be read.</summary>
internal static class RolloutReading
{
    /// <summary>Finds the ProviderConfig.</summary>
    /// <returns>Null if there is none, if there are several and none is named, or if it cannot be read.</returns>
    public static async Task<KubeObject?> FindAsync(IKubernetesApi platform, Identity identity, CancellationToken cancellationToken)
    {
        try
        {
            var configs = await platform.ProviderConfigsAsync(identity, cancellationToken);
            if (configs is [var only])
            {
                return only;
            }

            if (configs.Count > 1)
            {
                await ExplainAsync(
                    "The rollout is not shown: there are several ProviderConfigs. Choose one with --provider-name: "
                        + $"{string.Join(", ", configs.Select(config => config.Name))}");
            }
        }
        catch (KubernetesApiException exception)
        {
            await ExplainAsync(platform, identity, exception);
        }

        return null;
    }

    /// <summary>Reads the rollout.</summary>
    /// <param name="platform">The platform cluster.</param>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="ocms">All OCMs.</param>
    /// <param name="managed">The managed objects; null if they are not read.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>What is known; null where nothing is.</returns>
    public static async Task<(RolloutSummary? Rollout, ObservedFleet? Fleet)> ReadAsync(
        IKubernetesApi platform,
        Identity identity,
        IReadOnlyList<KubeObject> ocms,
        IReadOnlyList<ManagedObject>? managed,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(platform, identity, cancellationToken) is not { } providerConfig)
        {
            return (null, null);
        }

        var named = identity with { ProviderName = providerConfig.Name };
        var observer = new FleetObserver(named);
        var config = observer.Parse(providerConfig);
        ObservedFleet? fleet = null;
        try
        {
            fleet = observer.Observe(
                await platform.RolloutAsync(named, providerConfig, ocms, managed, cancellationToken), config, time.GetUtcNow());
        }
        catch (KubernetesApiException exception)
        {
            await ExplainAsync(platform, identity, exception);
        }

        return (RolloutSummary.Of(providerConfig, config, fleet), fleet);
    }

    private static Task ExplainAsync(IKubernetesApi platform, Identity identity, KubernetesApiException exception) => ExplainAsync(
        exception.IsNotFound
            ? $"The rollout is not shown: {identity.Api.ProviderConfig.QualifiedPlural} is not served by the {platform.ClusterName}. "
                + "Run `init` or correct --api-group."
            : $"The rollout cannot be read on the {platform.ClusterName}: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}");

    private static Task ExplainAsync(string why) => Console.Error.WriteLineAsync(PrintableText.OneLine(why));
}
