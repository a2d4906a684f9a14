using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status</c>: lists OCMs and their status.</summary>
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
        var command = new Command("status", "List OCMs and their status");
        var output = OutputFormat.CreateOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep running and print each change" };
        var noTruncate = new Option<bool>("--no-truncate") { Description = "Do not truncate lines to the width of the terminal" };
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(noTruncate);
        var flags = new SettingFlags(command, setting => Shown.Contains(setting.Name));
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(isForOnboardingOnly: true),
            (clusters, options, time) => PrintAsync(
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

    private static async Task<int> PrintAsync(
        Clusters clusters, OcmWriter writer, bool watch, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = "platform cluster";
        try
        {
            var grant = await clusters.FindOnboardingAsync(
                OnboardingPurpose.Run(clusters.Identity.Api), ClientOptions.Command, watch ? Warn : null, cancellationToken);
            if (grant is OnboardingGrant.Missing missing)
            {
                return await FailAsync($"{missing.Error} {missing.Fix}");
            }

            var onboarding = clusters.Onboarding(((OnboardingGrant.Granted)grant).Access, ClientOptions.Command);
            cluster = onboarding.ClusterName;
            await PrintAsync(onboarding, clusters, writer, watch, time, cancellationToken);
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is KubeconfigException || exception.InnerException is KubeconfigException)
        {
            return await FailAsync($"{exception.Message.TrimEnd('.')}. Correct the kubeconfig or specify another one.");
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return await FailAsync(
                $"{clusters.Identity.Api.Ocm.QualifiedPlural} is not served by the {cluster}. Run `init` or correct --api-group.");
        }
        catch (KubernetesApiException exception)
        {
            return await FailAsync(
                $"Request to the {cluster} failed: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}");
        }
    }

    private static async Task PrintAsync(
        KubernetesApi onboarding, Clusters clusters, OcmWriter writer, bool watch, TimeProvider time, CancellationToken cancellationToken)
    {
        var api = clusters.Identity.Api;
        if (!watch)
        {
            var ocms = await onboarding.ListAllAsync(api.Ocm, new ListRequest(), cancellationToken);
            writer.WriteAll(OcmSummary.Sorted(ocms.Select(OcmSummary.Of)));
            return;
        }

        await new OcmWatcher(onboarding, api, clusters.Informers, time).RunAsync(
            writer.WriteFirst,
            writer.WriteChange,
            Warn,
            cancellationToken);
    }

    private static void Warn(string error) =>
        Console.Error.WriteLine(PrintableText.OneLine($"Watch interrupted, retrying; changes may be missing: {error}"));

    private static async Task<int> FailAsync(string why)
    {
        await Console.Error.WriteLineAsync(PrintableText.OneLine(why));
        return ExitCodes.Failure;
    }
}
