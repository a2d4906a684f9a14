using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Describe;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status NAMESPACE/NAME</c>: one OCM with all its objects.</summary>
internal static class StatusOfOne
{
    /// <summary>Prints.</summary>
    /// <param name="onboarding">The onboarding cluster.</param>
    /// <param name="platform">The platform cluster; null if it is not known.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="key">The OCM.</param>
    /// <param name="writer">Writes the output.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> PrintAsync(
        KubernetesApi onboarding,
        KubernetesApi? platform,
        Clusters clusters,
        ObjectKey key,
        OcmWriter writer,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var identity = clusters.Identity;

        // The rollout is of all OCMs. Without the platform cluster, permission for one namespace is enough.
        var scope = platform is null ? WatchScope.Named(key.Name, key.Namespace) : WatchScope.Everything;
        var (ocms, unreadable, _) = await onboarding.ListAllAsync(identity.Api.Ocm, scope, cancellationToken);
        if (ocms.FirstOrDefault(each => each.Key == key) is not { } ocm)
        {
            await Console.Error.WriteLineAsync(PrintableText.OneLine(
                unreadable.FirstOrDefault(each => each.Key == key) is { } found
                    ? OcmSummary.Of(found).Message
                    : $"OCM {key} not found on the {onboarding.ClusterName}. List all with `status`."));
            return ExitCodes.Failure;
        }

        var (rollout, fleet) = platform is null ? (null, null)
            : await RolloutReading.ReadAsync(platform, identity, ocms, managed: null, time, cancellationToken);
        var reader = new ChainReader(
            identity.Api, onboarding, platform, clusters.ControlPlanes(ClientOptions.Command with { KeepsChanges = true }), time);
        var read = await reader.ReadAsync(ocm, cancellationToken);
        writer.WriteAll(OcmChain.Of(read with { Rollout = rollout, Fleet = fleet }));
        return ExitCodes.Success;
    }
}
