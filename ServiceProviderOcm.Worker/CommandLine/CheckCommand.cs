using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
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
        command.Options.Add(output);
        var flags = new SettingFlags(
            command, setting => SettingFlags.IsForClusters(setting) || CheckedSettings.Contains(setting.Name));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(),
            async (clusters, groups, options, time) =>
            {
                var group = await GroupCheck.OfAsync(groups.InspectAsync, cancellationToken);
                var results = await CheckerOf(clusters, groups, options, time, group).RunAsync(cancellationToken);
                await result.InvocationConfiguration.Output.WriteLineAsync(
                    result.IsJson(output) ? CheckResultsJson.Of(results) : CheckResultsText.Of(results, Terminal.Current()));
                return results.Any(result => result.Status == CheckStatus.Failed) ? ExitCodes.Failure : ExitCodes.Success;
            }));
        return command;
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
