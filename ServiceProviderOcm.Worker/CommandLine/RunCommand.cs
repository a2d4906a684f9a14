using System.CommandLine;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>run</c>: the controller.</summary>
internal static class RunCommand
{
    private static readonly string[] Formats = ["text", "json"];

    public static Command Create()
    {
        Flag[] flags =
        [
            Flag.Of("--provider-name", nameof(ProviderOptions.ProviderName), "Name of the ProviderConfig that counts (required)"),
            Flag.Of("--environment", nameof(ProviderOptions.Environment), "Name of the platform's environment, such as dev"),
            Flag.Of("--kubeconfig", nameof(ProviderOptions.Kubeconfig), "Kubeconfig file of the platform cluster (default: KUBECONFIG, the pod's own access, ~/.kube/config)"),
            Flag.Of("--context", nameof(ProviderOptions.Context), "Context of the platform's kubeconfig (default: its current one)"),
            Flag.Of("--onboarding-kubeconfig", nameof(ProviderOptions.OnboardingKubeconfig), "Kubeconfig file of the onboarding cluster (default: access is asked of the platform)"),
            Flag.Of("--onboarding-context", nameof(ProviderOptions.OnboardingContext), "Context of the onboarding cluster; without a file of its own, of the platform's kubeconfig"),
            Flag.Of("--api-group", nameof(ProviderOptions.ApiGroup), "API group to serve (default: ocm.services.openmcp.cloud)"),
            Flag.Of("--leader-elect", nameof(ProviderOptions.LeaderElect), "Whether only one of several replicas works at a time, true or false (default: false)"),
            Flag.Of("--workers", nameof(ProviderOptions.Workers), "How many OCMs are worked on at once (default: 10)"),
        ];
        var verbosity = new Option<Verbosity>("--verbosity", "-v")
        {
            Description = "How much is logged",
            DefaultValueFactory = _ => Verbosity.Info,
        };
        var format = new Option<string>("--format")
        {
            Description = "Form of the log; text on a terminal, json otherwise",
            DefaultValueFactory = _ => Console.IsOutputRedirected ? "json" : "text",
        };
        format.AcceptOnlyFromAmong(Formats);

        var command = new Command("run", "Run the controller until stopped");
        foreach (var flag in flags)
        {
            command.Options.Add(flag.Option);
        }

        command.Options.Add(verbosity);
        command.Options.Add(format);
        command.SetAction((result, cancellationToken) => ControllerHost.RunAsync(
            flags.Select(flag => flag.Given(result)).OfType<KeyValuePair<string, string?>>(),
            result.GetValue(verbosity),
            isJson: result.GetValue(format) == "json",
            cancellationToken));
        return command;
    }
}
