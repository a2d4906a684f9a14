using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>check</c>: checks that the clusters meet the prerequisites of <c>run</c>.</summary>
internal static class CheckCommand
{
    private static readonly string[] CheckedSettings =
    [
        nameof(ProviderOptions.LeaderElect),
        nameof(ProviderOptions.MetricsBindAddress),
        nameof(ProviderOptions.MetricsSecure),
    ];

    public static Command Create()
    {
        var command = new Command("check", "Check that the clusters meet the prerequisites of `run` (read-only)");
        var output = OutputFormat.CreateOption();
        var rollback = new Option<bool>("--before-rollback") { Description = "Also check what the Go provider v0.4.0 would lose if it took over" };
        command.Options.Add(output);
        command.Options.Add(rollback);
        var flags = new SettingFlags(
            command, setting => SettingFlags.IsForClusters(setting) || CheckedSettings.Contains(setting.Name));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(),
            async (clusters, groups, options, time) =>
            {
                var group = await GroupCheck.OfAsync(groups.InspectAsync, cancellationToken);
                var results = await CheckerOf(clusters, groups, options, time, group).RunAsync(cancellationToken);
                if (result.GetValue(rollback))
                {
                    results = [.. results, .. await RollbackAsync(clusters, cancellationToken)];
                }

                await result.InvocationConfiguration.Output.WriteLineAsync(
                    result.IsJson(output) ? CheckResultsJson.Of(results) : CheckResultsText.Of(results, Terminal.Current()));
                return results.Any(result => result.Status == CheckStatus.Failed) ? ExitCodes.Failure : ExitCodes.Success;
            }));
        return command;
    }

    private static async Task<IReadOnlyList<CheckResult>> RollbackAsync(Clusters clusters, CancellationToken cancellationToken)
    {
        try
        {
            var grant = await clusters.FindOnboardingAsync(
                OnboardingPurpose.Run(clusters.Identity.Api), ClientOptions.Command, onError: null, cancellationToken);
            return await RollbackChecks.RunAsync(
                clusters.Identity,
                clusters.Platform(ClientOptions.Command),
                grant is OnboardingGrant.Granted granted ? clusters.Onboarding(granted.Access, ClientOptions.Command) : null,
                cancellationToken);
        }
        catch (Exception exception) when (exception is KubeconfigException or KubernetesApiException)
        {
            return [CheckResult.Failed("rollback", $"Not checked: {exception.Message.TrimEnd('.')}.", "Check again before the rollback.")];
        }
    }

    private static PrerequisiteChecker CheckerOf(
        Clusters clusters, GroupSelection groups, ProviderOptions options, TimeProvider time, CheckResult group) => new(
        clusters.Identity,
        new PrerequisiteOptions(
            options.IsOnboardingLocal,
            options.LeaderElect,
            groups.IsDetecting,
            IsSecuringMetrics: options.MetricsSecure
                && BindAddress.TryParse(options.MetricsBindAddress, out var address, out _) && !address.IsOff),
        group,
        () => clusters.Platform(ClientOptions.Command),
        (purpose, cancellationToken) => clusters.FindOnboardingAsync(
            purpose, ClientOptions.Command, onError: null, cancellationToken),
        access => clusters.Onboarding(access, ClientOptions.Command),
        time);
}
