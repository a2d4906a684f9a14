using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Setup.Groups;
using ServiceProviderOcm.Core.Setup.Onboarding;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>Runs commands against the onboarding cluster, and explains on standard error what fails.</summary>
internal static class OnboardingCluster
{
    /// <summary>Connects with existing access and runs a command.</summary>
    /// <param name="clusters">The clusters.</param>
    /// <param name="groups">Selects the API group.</param>
    /// <param name="apiOptions">For the onboarding cluster.</param>
    /// <param name="onError">Called with later errors of the access; null if it is not watched.</param>
    /// <param name="commandAsync">The command; returns the process' exit code.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> RunAsync(
        Clusters clusters,
        GroupSelection groups,
        KubernetesApiOptions apiOptions,
        Action<string>? onError,
        Func<KubernetesApi, Task<int>> commandAsync,
        CancellationToken cancellationToken)
    {
        var cluster = "platform cluster";
        try
        {
            if (groups.IsDetecting && await groups.InspectAsync(cancellationToken) is GroupDecision.Undecided undecided)
            {
                return await FailAsync($"{undecided.Error} {undecided.Fix}");
            }

            var grant = await clusters.FindOnboardingAsync(
                OnboardingPurpose.Run(clusters.Identity.Api), ClientOptions.Command, onError, cancellationToken);
            if (grant is OnboardingGrant.Missing missing)
            {
                return await FailAsync($"{missing.Error} {missing.Fix}");
            }

            var onboarding = clusters.Onboarding(((OnboardingGrant.Granted)grant).Access, apiOptions);
            cluster = onboarding.ClusterName;
            return await commandAsync(onboarding);
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

    private static async Task<int> FailAsync(string why)
    {
        await Console.Error.WriteLineAsync(PrintableText.OneLine(why));
        return ExitCodes.Failure;
    }
}
