using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>The checks on the onboarding cluster.</summary>
internal static class OnboardingChecks
{
    private const string Label = "onboarding";
    private const string GrantPermission = "Grant it to the user of the kubeconfig.";
    private const string RequestPermission = "Start the controller of this release; it requests the permission from the platform.";

    /// <param name="api">What is served.</param>
    /// <param name="options">What the controller needs.</param>
    /// <param name="readerAsync">Returns the client that may read definitions.</param>
    public static IEnumerable<Check> Of(
        ProviderApi api, PrerequisiteOptions options, Func<KubernetesApi, CancellationToken, Task<KubernetesApi>> readerAsync) =>
    [
        CommonChecks.Definition(Label, api, api.Ocm, readerAsync),
        .. RequiredPermissions.OnOnboarding(api).Select(needed => CommonChecks.Permission(
            Label, needed, options.IsOnboardingLocal ? GrantPermission : RequestPermission)),
    ];
}
