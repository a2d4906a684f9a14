using System.CommandLine;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>check</c>: whether the clusters have all that the controller needs.</summary>
internal static class CheckCommand
{
    private static readonly string[] Shown =
    [
        nameof(ProviderOptions.ProviderName),
        nameof(ProviderOptions.ApiGroup),
        nameof(ProviderOptions.Kubeconfig),
        nameof(ProviderOptions.Context),
        nameof(ProviderOptions.OnboardingKubeconfig),
        nameof(ProviderOptions.OnboardingContext),
        nameof(ProviderOptions.LeaderElect),
        nameof(ProviderOptions.MetricsBindAddress),
        nameof(ProviderOptions.MetricsSecure),
    ];

    public static Command Create()
    {
        var command = new Command("check", "Look whether the clusters have all that run needs; changes nothing");
        var output = OutputFormat.CreateOption();
        command.Options.Add(output);
        var flags = new SettingFlags(command, setting => Shown.Contains(setting.Name));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(),
            async (clusters, options, time) =>
            {
                var findings = await PreflightOf(clusters, options, time).RunAsync(cancellationToken);
                await result.InvocationConfiguration.Output.WriteLineAsync(
                    result.IsJson(output) ? FindingsJson.Of(findings) : FindingsText.Of(findings, Terminal.Current()));
                return findings.Any(finding => finding.Status == FindingStatus.Failed) ? ExitCodes.Failure : ExitCodes.Success;
            }));
        return command;
    }

    private static Preflight PreflightOf(Clusters clusters, ProviderOptions options, TimeProvider time) => new(
        clusters.Identity,
        new PreflightOptions(
            options.IsOnboardingLocal,
            options.LeaderElect,
            IsSecuringMetrics: options.MetricsSecure
                && BindAddress.TryParse(options.MetricsBindAddress, out var address, out _) && !address.IsOff),
        () => clusters.Platform(KubernetesApiOptions.OfCommand),
        (purpose, cancellationToken) => clusters.FindOnboardingAsync(
            purpose, KubernetesApiOptions.OfCommand, onTrouble: null, cancellationToken),
        access => clusters.Onboarding(access, KubernetesApiOptions.OfCommand),
        time);
}
