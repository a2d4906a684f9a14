using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>What is looked at on the onboarding cluster.</summary>
internal static class OnboardingChecks
{
    private const string Label = "onboarding";
    private const string GrantPermission = "Grant it to the user of the kubeconfig.";
    private const string AskForPermission = "Start the controller of this release, which asks the platform for it.";

    /// <param name="api">What is served.</param>
    /// <param name="options">What the controller is going to need.</param>
    /// <param name="readerAsync">Who may read definitions, of those who may look at the cluster.</param>
    public static IEnumerable<Check> Of(
        ProviderApi api, PreflightOptions options, Func<KubernetesApi, CancellationToken, Task<KubernetesApi>> readerAsync) =>
    [
        CommonChecks.Definition(Label, api, api.Ocm, readerAsync),
        .. NeededPermissions.OnOnboarding(api).Select(needed => CommonChecks.Permission(
            Label, needed, options.IsOnboardingLocal ? GrantPermission : AskForPermission)),
    ];
}
