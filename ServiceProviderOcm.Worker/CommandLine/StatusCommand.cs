using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Output;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>status</c>: the rollout, OCMs and their status, and orphaned objects; or one OCM with all its objects.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Show the rollout, OCMs and their status, and objects without an OCM; or all about one OCM");
        var ocm = new Argument<string?>("NAMESPACE/NAME")
        {
            Description = "Show this OCM: its objects with their conditions, its revision, the latest Events, and what to do next",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = OutputFormat.CreateStatusOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Keep running and print each change, until Ctrl+C" };
        var noTruncate = new Option<bool>("--no-truncate") { Description = "Do not truncate lines to the width of the terminal" };
        ocm.Validators.Add(result =>
        {
            if (KeyOf(result.GetValueOrDefault<string?>()) is { IsValid: false })
            {
                result.AddError($"\"{PrintableText.OneLine(result.Tokens[0].Value)}\" is not an OCM: specify NAMESPACE/NAME.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(watch) && result.GetResult(ocm) is { Tokens.Count: > 0 })
            {
                result.AddError("--watch is for all OCMs: leave NAMESPACE/NAME out.");
            }
        });
        command.Arguments.Add(ocm);
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(noTruncate);
        var flags = new SettingFlags(command, SettingFlags.IsForClusters);
        command.SetAction((result, cancellationToken) => ProviderHost.InspectAsync(
            flags.Given(result),
            new ProviderOptionsValidator(isForOnboardingOnly: true),
            async (clusters, groups, options, time) =>
            {
                var (isWatching, one) = (result.GetValue(watch), KeyOf(result.GetValue(ocm)));
                var apiOptions = ClientOptions.Command with { KeepsChanges = one is not null };
                var terminal = result.GetValue(noTruncate) ? Terminal.Plain : Terminal.Current();
                var writer = new OcmWriter(result.InvocationConfiguration.Output, result.GetValue(output), terminal, time);
                using var interrupt = isWatching ? new Interrupt(cancellationToken) : null;
                var token = interrupt?.Token ?? cancellationToken;
                try
                {
                    return await OnboardingCluster.RunAsync(
                        clusters,
                        groups,
                        apiOptions,
                        isWatching ? StatusList.Warn : null,
                        async onboarding =>
                        {
                            var platform = options.IsPlatformGiven ? clusters.Platform(apiOptions) : null;
                            if (one is { } key)
                            {
                                return await StatusOfOne.PrintAsync(onboarding, platform, clusters, key, writer, time, token);
                            }

                            await StatusList.PrintAsync(onboarding, platform, clusters, writer, isWatching, time, token);
                            return ExitCodes.Success;
                        },
                        token);
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    return ExitCodes.Success;
                }
            }));
        return command;
    }

    private static ObjectKey? KeyOf(string? text) => text is null ? null
        : text.Split('/') is [{ Length: > 0 } ns, var name] ? new ObjectKey(ns, name)
        : new ObjectKey("", "");
}
