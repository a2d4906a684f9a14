using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Migrate;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>migrate</c>: moves OCMs and the ProviderConfig to another API group.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "List what moving OCMs to another API group takes (dry run), or move them (--yes)");
        var from = CommandOptions.ApiGroup("--from", "API group to move OCMs from", isRequired: true);
        var to = CommandOptions.ApiGroup("--to", "API group to move OCMs to", isRequired: true);
        var yes = new Option<bool>("--yes", "-y") { Description = "Move the OCMs; without it, only list the steps" };
        var timeout = CommandOptions.Timeout("How long to wait without progress; then run the command again", defaultMinutes: 10);
        command.Options.Add(from);
        command.Options.Add(to);
        command.Options.Add(yes);
        command.Options.Add(timeout);
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is { } former && former == result.GetValue(to))
            {
                result.AddError($"--from and --to are the same API group, {former}.");
            }
        });
        var flags = new SettingFlags(command, setting => SettingFlags.IsForClusters(setting) && setting.Name != nameof(ProviderOptions.ApiGroup));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(),
            async (clusters, _, options, time) => await GuardAsync(() => RunAsync(
                clusters,
                options,
                time,
                new ProviderApi(result.GetValue(from)!),
                new ProviderApi(result.GetValue(to)!),
                result.GetValue(yes) ? result.GetValue(timeout) : null,
                result.InvocationConfiguration.Output,
                cancellationToken))));
        return command;
    }

    private static async Task<int> RunAsync(
        Clusters clusters,
        ProviderOptions options,
        TimeProvider time,
        ProviderApi from,
        ProviderApi to,
        TimeSpan? timeout,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clusters.Serve(to);
        var purpose = OnboardingPurpose.Migrate(from, to);
        var access = timeout is null
            ? await FindAccessAsync(clusters, from, to, purpose, cancellationToken)
            : await clusters.AccessOnboardingAsync(purpose, TimeSpan.Zero, watching.Token);
        if (access is null)
        {
            return ExitCodes.Failure;
        }

        clusters.Serve(to);
        var (platform, onboarding) = (clusters.Whole(null), clusters.Whole(access));
        var installer = new CrdInstaller(clusters.Informers, time, NullLogger<CrdInstaller>.Instance);
        var migration = new Migration(
            clusters.Identity with { Api = from },
            clusters.Identity,
            platform,
            onboarding,
            clusters.ControlPlanes(ClientOptions.Command),
            async token =>
            {
                foreach (var definition in ProviderCrds.Of(to))
                {
                    var cluster = definition.Labels[ProviderCrds.ClusterLabel] == "platform" ? platform : onboarding;
                    await installer.InstallAsync(cluster, definition, token);
                }
            },
            time);
        if (timeout is not { } limit)
        {
            return await ForecastAsync(await migration.CheckAsync(cancellationToken), from, to, output);
        }

        await RefuseGoProviderAsync(clusters, onboarding, time, cancellationToken);
        var plans = await migration.RunAsync(limit, Say, cancellationToken);
        await PrintAsync(plans, output);
        if (!plans.All(plan => plan.State == MigrationState.Done))
        {
            Say($"Not complete. Make sure that the controller runs and serves {to.Group}, then run the command again.");
            return ExitCodes.Failure;
        }

        await watching.CancelAsync();
        if (!options.IsOnboardingLocal)
        {
            await OnboardingRemoval.RemoveAsync(platform, clusters.Identity, purpose, cancellationToken);
        }

        Say($"Complete: {Count(plans)} moved to {to.Group}. What is left of {from.Group} can be deleted: its CustomResourceDefinitions, and in namespace "
            + $"{options.PodNamespace} the requests for access to the onboarding cluster, the Lease and ControllerRevisions.");
        return ExitCodes.Success;
    }

    // It would reconcile the OCMs of its group whatever marks they have. Without --leader-elect it has no Lease.
    private static async Task RefuseGoProviderAsync(
        Clusters clusters, IKubernetesApi onboarding, TimeProvider time, CancellationToken cancellationToken)
    {
        var lease = new ObjectKey(clusters.Identity.PodNamespace, ObjectNames.GoLease);
        var peer = new PeerLease(onboarding, lease, TimeSpan.Zero, time, NullLogger<PeerLease>.Instance);
        try
        {
            if (await peer.FindHolderAsync(cancellationToken) is { Length: > 0 } holder)
            {
                throw new MigrationException(
                    $"Lease {lease} on the onboarding cluster is held by {ForeignText.Quote(holder)}: the Go provider is running. Take over in place "
                        + "first, then migrate.");
            }
        }
        catch (KubernetesApiException exception) when (exception.IsDenied)
        {
            Say($"Lease {lease} is not considered: {exception.Message.TrimEnd('.')}. Make sure that the Go provider does not run.");
        }
    }

    private static async Task<int> ForecastAsync(MigrationForecast forecast, ProviderApi from, ProviderApi to, TextWriter output)
    {
        await PrintAsync(forecast.Plans, output);
        if (forecast.CopiesError.Length > 0)
        {
            Say($"OCMs of {to.Group} were not listed: {forecast.CopiesError.TrimEnd('.')}. Copies that exist there are not known. To know them, pass "
                + "--onboarding-kubeconfig with a kubeconfig that may list the OCMs of both groups; --yes requests that access.");
        }

        Say($"{Count(forecast.Plans)} to move from {from.Group} to {to.Group}. This was a dry run: use --yes to move them.");
        return forecast.Plans.Any(plan => plan.State == MigrationState.Blocked) ? ExitCodes.Failure : ExitCodes.Success;
    }

    // A dry run requests nothing.
    private static async Task<IConnectionSource?> FindAccessAsync(
        Clusters clusters, ProviderApi from, ProviderApi to, OnboardingPurpose purpose, CancellationToken cancellationToken)
    {
        OnboardingGrant? last = null;
        foreach (var (api, wanted) in new[] { (to, purpose), (from, OnboardingPurpose.Run(from)), (to, OnboardingPurpose.Run(to)) })
        {
            clusters.Serve(api);
            last = await clusters.FindOnboardingAsync(wanted, ClientOptions.Command, onError: null, cancellationToken);
            if (last is OnboardingGrant.Granted granted)
            {
                return granted.Access;
            }
        }

        if (last is OnboardingGrant.Missing missing)
        {
            Say($"{missing.Error} {missing.Fix}");
        }

        return null;
    }

    private static async Task PrintAsync(IReadOnlyList<TenantMigration> plans, TextWriter output)
    {
        foreach (var plan in plans.Where(plan => plan.State != MigrationState.Done))
        {
            await output.WriteLineAsync(PrintableText.OneLine($"{plan.Ocm}   {plan.State}   {plan.Message}").TrimEnd());
            foreach (var step in plan.Steps)
            {
                await output.WriteLineAsync($"  {PrintableText.OneLine(step.Description)} ({step.Cluster})");
            }
        }
    }

    private static string Count(IReadOnlyList<TenantMigration> plans) =>
        string.Create(CultureInfo.InvariantCulture, $"{plans.Count} OCM{(plans.Count == 1 ? "" : "s")}");

    private static void Say(string text) => Console.Error.WriteLine(PrintableText.OneLine(text));

    private static async Task<int> GuardAsync(Func<Task<int>> commandAsync)
    {
        try
        {
            return await commandAsync();
        }
        catch (Exception exception) when (exception is KubeconfigException or MigrationException or SetupException or OnboardingAccessException)
        {
            Say(exception.Message);
        }
        catch (KubernetesApiException exception)
        {
            Say($"Request failed: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)} Then run the command again.");
        }

        return ExitCodes.Failure;
    }
}
