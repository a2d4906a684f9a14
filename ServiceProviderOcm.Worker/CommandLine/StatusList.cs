using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Cleanup;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status</c> of all OCMs, once or with each change.</summary>
internal static class StatusList
{
    /// <summary>Prints.</summary>
    /// <param name="onboarding">The onboarding cluster.</param>
    /// <param name="platform">The platform cluster; null if it is not known.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="writer">Writes the output.</param>
    /// <param name="isWatching">Whether to continue with each change.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the requests and the watch.</param>
    public static async Task PrintAsync(
        KubernetesApi onboarding,
        KubernetesApi? platform,
        Clusters clusters,
        OcmWriter writer,
        bool isWatching,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var identity = clusters.Identity;
        var managed = platform is null ? null : await ManagedListing.ReadAsync(platform, identity.Api, cancellationToken);
        if (!isWatching)
        {
            var (ocms, unreadable, known) = await onboarding.OcmsAsync(identity.Api, WatchScope.Everything, cancellationToken);
            var (summary, fleet) = platform is null ? (null, null)
                : await RolloutReading.ReadAsync(platform, identity, ocms, managed, time, cancellationToken);
            writer.WriteAll(new StatusView(
                summary,
                [
                    .. OcmSummary.Sorted(ocms.Select(ocm => OcmSummary.Of(ocm, fleet)).Concat(unreadable.Select(OcmSummary.Of))),
                    .. Orphans(known.Contains),
                ]));
            return;
        }

        using var rollout = platform is not null && await RolloutReading.FindAsync(platform, identity, cancellationToken) is { } config
            ? new RolloutWatch(platform, identity with { ProviderName = config.Name }, clusters.Informers, time)
            : null;
        await new StatusWatcher(onboarding, identity.Api, rollout, clusters.Informers, time).RunAsync(
            view =>
            {
                var tenants = view.Ocms.Select(ocm => ocm.TenantNamespace).ToHashSet(StringComparer.Ordinal);
                writer.WriteFirst(view with { Ocms = [.. view.Ocms, .. Orphans(tenants.Contains)] });
            },
            writer.WriteChange,
            writer.WriteChange,
            Warn,
            cancellationToken);

        IEnumerable<OcmSummary> Orphans(Predicate<string> isTenant) =>
            OrphanFinder.Orphans(identity, managed ?? [], isTenant).Select(OcmSummary.Of);
    }

    /// <summary>Explains on standard error that changes may be missed.</summary>
    public static void Warn(string error) =>
        Console.Error.WriteLine(PrintableText.OneLine($"Watch interrupted, retrying; changes may be missing: {error}"));
}
