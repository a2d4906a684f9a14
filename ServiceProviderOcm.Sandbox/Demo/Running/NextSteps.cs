using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Setup;

namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>The commands that the sandbox suggests.</summary>
/// <param name="platform">Kubeconfig file of the platform cluster.</param>
/// <param name="onboarding">Kubeconfig file of the onboarding cluster.</param>
/// <param name="controlPlane">Kubeconfig file of the control plane.</param>
/// <param name="pathOf">The path of a sample in the folder of the sandbox.</param>
/// <param name="isPowerShell">Whether the commands are for PowerShell, or else for a POSIX shell.</param>
internal sealed class NextSteps(string platform, string onboarding, string controlPlane, Func<string, string> pathOf, bool isPowerShell)
{
    private const string Worker = "dotnet run --project ServiceProviderOcm.Worker --";

    /// <summary>The commands, and what each does.</summary>
    public IReadOnlyList<(string Purpose, string Command)> For(ObjectKey ocm)
    {
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        return
        [
            ("Watch all OCMs", Kubectl(onboarding, "get ocm --all-namespaces --watch")),
            ("Describe one of them, with its Events", Kubectl(onboarding, $"describe ocm --namespace {ocm.Namespace} {ocm.Name}")),
            ("List the objects that the controller manages for it",
                Kubectl(platform, $"get accessrequests,secrets,ocirepositories,helmreleases --namespace {tenant}")),
            ("Edit one of them, such as spec.interval; the controller reverts the change",
                Kubectl(platform, $"edit helmrelease --namespace {tenant} {ObjectNames.Flux}")),
            ("Create an object on the control plane that needs the toolkit;",
                Kubectl(controlPlane, $"apply --filename {Quoted(pathOf(Samples.RepositoryFile))}")),
            ("the deletion of the OCM waits for it,",
                Kubectl(onboarding, $"delete ocm --namespace {ocm.Namespace} {ocm.Name} --wait=false")),
            ("until it is deleted", Kubectl(controlPlane, $"delete --filename {Quoted(pathOf(Samples.RepositoryFile))}")),
            ("Create the OCM again", Kubectl(onboarding, $"apply --filename {Quoted(pathOf(Samples.OcmsFile))}")),
            ("Without kubectl, in the repository: print the status of all OCMs,",
                $"{Worker} status --onboarding-kubeconfig {Quoted(onboarding)}"),
            ("and check the prerequisites of the controller",
                $"{Variable("POD_NAMESPACE", PlatformSetup.ProviderNamespace)}{Worker} check --provider-name {PlatformSetup.ProviderName} "
                    + $"--kubeconfig {Quoted(platform)} --onboarding-kubeconfig {Quoted(onboarding)}"),
        ];
    }

    private static string Kubectl(string kubeconfig, string rest) => $"kubectl --kubeconfig {Quoted(kubeconfig)} {rest}";

    private static string Quoted(string path) => path.Any(char.IsWhiteSpace) ? $"\"{path}\"" : path;

    private string Variable(string name, string value) => isPowerShell ? $"$env:{name}=\"{value}\"; " : $"{name}={value} ";
}
