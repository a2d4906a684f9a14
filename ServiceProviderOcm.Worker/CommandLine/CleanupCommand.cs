using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Cleanup;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>cleanup</c>: lists managed objects whose OCM does not exist, and deletes them on request.</summary>
internal static class CleanupCommand
{
    private const int Parallelism = 10;

    public static Command Create()
    {
        var command = new Command("cleanup", "List objects whose OCM does not exist (dry run), or delete them (--yes)");
        var yes = new Option<bool>("--yes", "-y") { Description = "Delete the objects; without it, only list them" };
        var tenants = new Option<string[]>("--tenant-namespace", "-n")
        {
            Description = "Only in this tenant namespace; may be repeated (default: all)",
            HelpName = "NAMESPACE",
        };
        var timeout = CommandOptions.Timeout("Timeout for the objects of each tenant", defaultMinutes: 5);
        var output = OutputFormat.CreateOption();
        command.Options.Add(yes);
        command.Options.Add(tenants);
        command.Options.Add(timeout);
        command.Options.Add(output);
        var flags = new SettingFlags(command, SettingFlags.IsForClusters);
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(),
            (clusters, groups, options, time) => OnboardingCluster.RunAsync(
                clusters,
                groups,
                ClientOptions.Command,
                onError: null,
                async onboarding =>
                {
                    var platform = clusters.Platform(ClientOptions.Command);
                    if (await FindAsync(platform, onboarding, clusters.Identity, cancellationToken) is not { } found)
                    {
                        return ExitCodes.Failure;
                    }

                    if (result.GetValue(tenants) is { Length: > 0 } only)
                    {
                        found = [.. found.Where(tenant => only.Contains(tenant.Namespace))];
                    }

                    var isDryRun = !result.GetValue(yes);
                    var cleanup = new OrphanCleanup(
                        clusters.Identity,
                        platform,
                        onboarding,
                        clusters.ControlPlanes(ClientOptions.Command),
                        ReadingLimits.KeptOfControlPlane(options),
                        time);
                    var results = await RunAsync(cleanup, found, isDryRun, result.GetValue(timeout), cancellationToken);
                    await result.InvocationConfiguration.Output.WriteAsync(
                        result.IsJson(output) ? CleanupJson.Of(results) + Environment.NewLine : CleanupTable.Of(results));
                    await Console.Error.WriteLineAsync(Summary(results, isDryRun));
                    return results.Any(each => IsFailure(each.Outcome, isDryRun)) ? ExitCodes.Failure : ExitCodes.Success;
                },
                cancellationToken)));
        return command;
    }

    private static async Task<IReadOnlyList<OrphanedTenant>?> FindAsync(
        KubernetesApi platform, KubernetesApi onboarding, Identity identity, CancellationToken cancellationToken)
    {
        if (await ManagedListing.ReadAsync(platform, identity.Api, cancellationToken) is not { } managed)
        {
            return null;
        }

        var (_, _, tenants) = await onboarding.OcmsAsync(identity.Api, WatchScope.Everything, cancellationToken);
        var found = OrphanFinder.Orphans(identity, managed, tenants.Contains);
        if (found.Count > 0 && tenants.Count == 0)
        {
            await Console.Error.WriteLineAsync(
                $"There are no OCMs at all on the {onboarding.ClusterName}. Check that it is the onboarding cluster of this platform.");
        }

        return found;
    }

    private static bool IsFailure(CleanupOutcome outcome, bool isDryRun) =>
        outcome == CleanupOutcome.Failed || (outcome == CleanupOutcome.Blocked && !isDryRun);

    private static async Task<IReadOnlyList<CleanupResult>> RunAsync(
        OrphanCleanup cleanup, IReadOnlyList<OrphanedTenant> found, bool isDryRun, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var results = new ConcurrentBag<CleanupResult>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(found, options, async (tenant, token) => results.Add(isDryRun
            ? await cleanup.CheckAsync(tenant, timeout, token)
            : await cleanup.DeleteAsync(
                tenant, timeout, message => Console.Error.WriteLine(PrintableText.OneLine($"{tenant.Namespace}: {message}")), token)));
        return [.. results.OrderBy(each => each.Tenant.Namespace, StringComparer.Ordinal)];
    }

    private static string Summary(IReadOnlyList<CleanupResult> results, bool isDryRun)
    {
        if (results.Count == 0)
        {
            return "No orphaned objects found.";
        }

        var outcomes = results.GroupBy(each => each.Outcome).OrderBy(group => group.Key).Select(group => string.Create(
            CultureInfo.InvariantCulture, $"{group.Key} {group.Sum(each => each.Tenant.Objects.Count)}"));
        return $"Orphaned objects: {string.Join(", ", outcomes)}.{(isDryRun ? " This was a dry run: use --yes to delete them." : "")}";
    }
}
