using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Cleanup;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status</c>: lists OCMs and their status, and orphaned objects.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "List OCMs and their status, and objects without an OCM");
        var output = OutputFormat.CreateOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep running and print each change" };
        var noTruncate = new Option<bool>("--no-truncate") { Description = "Do not truncate lines to the width of the terminal" };
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(noTruncate);
        var flags = new SettingFlags(command, SettingFlags.IsForClusters);
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(isForOnboardingOnly: true),
            (clusters, groups, options, time) =>
            {
                var isWatching = result.GetValue(watch);
                var terminal = result.GetValue(noTruncate) ? Terminal.Plain : Terminal.Current();
                var writer = new OcmWriter(result.InvocationConfiguration.Output, result.IsJson(output), terminal, time);
                return OnboardingCluster.RunAsync(
                    clusters,
                    groups,
                    isWatching ? Warn : null,
                    async onboarding =>
                    {
                        var platform = options.IsPlatformGiven ? clusters.Platform(ClientOptions.Command) : null;
                        await PrintAsync(onboarding, platform, clusters, writer, isWatching, time, cancellationToken);
                        return ExitCodes.Success;
                    },
                    cancellationToken);
            }));
        return command;
    }

    private static async Task PrintAsync(
        KubernetesApi onboarding,
        KubernetesApi? platform,
        Clusters clusters,
        OcmWriter writer,
        bool watch,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var identity = clusters.Identity;
        var managed = platform is null ? [] : await ManagedListing.ReadAsync(platform, identity.Api, cancellationToken) ?? [];
        if (!watch)
        {
            var (ocms, known) = await onboarding.OcmsAsync(identity.Api, WatchScope.Everything, cancellationToken);
            var orphans = OrphanFinder.Orphans(identity, managed, known.Contains);
            writer.WriteAll([.. OcmSummary.Sorted(ocms.Select(OcmSummary.Of)), .. orphans.Select(OcmSummary.Of)]);
            return;
        }

        await new OcmWatcher(onboarding, identity.Api, clusters.Informers, time).RunAsync(
            ocms =>
            {
                var tenants = ocms.Select(ocm => ocm.TenantNamespace).ToHashSet(StringComparer.Ordinal);
                writer.WriteFirst([.. ocms, .. OrphanFinder.Orphans(identity, managed, tenants.Contains).Select(OcmSummary.Of)]);
            },
            writer.WriteChange,
            Warn,
            cancellationToken);
    }

    private static void Warn(string error) =>
        Console.Error.WriteLine(PrintableText.OneLine($"Watch interrupted, retrying; changes may be missing: {error}"));
}
