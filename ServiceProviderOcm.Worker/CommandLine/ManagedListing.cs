using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Cleanup;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>Lists managed objects, and explains on standard error if that fails.</summary>
internal static class ManagedListing
{
    /// <summary>
    /// Lists what may be managed objects, before OCMs are listed: those of an OCM that is just being created are no orphans.
    /// </summary>
    /// <returns>The objects; null if they cannot be listed.</returns>
    public static async Task<IReadOnlyList<ManagedObject>?> ReadAsync(
        KubernetesApi platform, ProviderApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await platform.ManagedObjectsAsync(api, ns: null, cancellationToken);
        }
        catch (KubernetesApiException exception)
        {
            await Console.Error.WriteLineAsync(PrintableText.OneLine(
                $"Orphaned objects cannot be listed on the {platform.ClusterName}: {exception.Message.TrimEnd('.')}. "
                    + ApiErrorAdvice.ForCommand(exception)));
            return null;
        }
    }
}
