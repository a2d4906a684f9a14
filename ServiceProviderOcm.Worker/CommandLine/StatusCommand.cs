using System.CommandLine;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Logging;
using ServiceProviderOcm.Worker.Output;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status</c>: how all OCMs stand.</summary>
internal static class StatusCommand
{
    private static readonly string[] Shown =
    [
        nameof(ProviderOptions.ApiGroup),
        nameof(ProviderOptions.Kubeconfig),
        nameof(ProviderOptions.Context),
        nameof(ProviderOptions.OnboardingKubeconfig),
        nameof(ProviderOptions.OnboardingContext),
    ];

    public static Command Create()
    {
        var command = new Command("status", "List all OCMs and say how each stands");
        var output = OutputFormat.CreateOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on, and tell each change" };
        var noTruncate = new Option<bool>("--no-truncate") { Description = "Do not cut lines to the width of the terminal" };
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(noTruncate);
        var flags = new SettingFlags(command, setting => Shown.Contains(setting.Name));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(isForOnboardingOnly: true),
            (clusters, options, time) => TellAsync(
                clusters,
                new OcmWriter(
                    result.InvocationConfiguration.Output,
                    result.IsJson(output),
                    result.GetValue(noTruncate) ? Terminal.Plain : Terminal.Current(),
                    time),
                result.GetValue(watch),
                time,
                cancellationToken)));
        return command;
    }

    private static async Task<int> TellAsync(
        Clusters clusters, OcmWriter writer, bool goOn, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = "platform cluster";
        try
        {
            var grant = await clusters.FindOnboardingAsync(
                OnboardingPurpose.Run(clusters.Identity.Api), KubernetesApiOptions.OfCommand, goOn ? Warn : null, cancellationToken);
            if (grant.Access is not { } access)
            {
                return await FailAsync($"{grant.Problem} {grant.Cure}");
            }

            var onboarding = clusters.Onboarding(access, KubernetesApiOptions.OfCommand);
            asked = onboarding.ClusterName;
            await TellAsync(onboarding, clusters, writer, goOn, time, cancellationToken);
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is KubeconfigException || exception.InnerException is KubeconfigException)
        {
            return await FailAsync($"{exception.Message.TrimEnd('.')}. Correct the kubeconfig, or name another.");
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return await FailAsync(
                $"The {asked} does not serve {clusters.Identity.Api.Ocm.QualifiedPlural}. Run init, or correct --api-group.");
        }
        catch (KubernetesApiException exception)
        {
            return await FailAsync($"The {asked} cannot be asked: {exception.Message.TrimEnd('.')}. {SetupAdvice.For(exception)}");
        }
    }

    private static async Task TellAsync(
        KubernetesApi onboarding, Clusters clusters, OcmWriter writer, bool goOn, TimeProvider time, CancellationToken cancellationToken)
    {
        var api = clusters.Identity.Api;
        if (!goOn)
        {
            var ocms = await onboarding.ListAllAsync(api.Ocm, new ListRequest(), cancellationToken);
            writer.WriteAll(OcmSummary.Sorted(ocms.Select(OcmSummary.Of)));
            return;
        }

        await new OcmFollower(onboarding, api, clusters.Informers, time).RunAsync(
            writer.WriteFirst,
            writer.WriteChange,
            Warn,
            cancellationToken);
    }

    private static void Warn(string trouble) =>
        Console.Error.WriteLine(OneLine.Of($"Changes may be missing, trying again: {trouble}"));

    private static async Task<int> FailAsync(string why)
    {
        await Console.Error.WriteLineAsync(OneLine.Of(why));
        return ExitCodes.Failure;
    }
}
