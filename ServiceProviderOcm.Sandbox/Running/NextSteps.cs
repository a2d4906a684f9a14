using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Sandbox.Setup;

namespace ServiceProviderOcm.Sandbox.Running;

/// <summary>What to try with a running sandbox: commands to paste.</summary>
/// <param name="platform">Kubeconfig file of the platform cluster.</param>
/// <param name="onboarding">Kubeconfig file of the onboarding cluster.</param>
/// <param name="controlPlane">Kubeconfig file of the control plane.</param>
/// <param name="pathOf">The path of a sample that was written down.</param>
/// <param name="isPowerShell">Whether the commands are for PowerShell, or else for a POSIX shell.</param>
internal sealed class NextSteps(string platform, string onboarding, string controlPlane, Func<string, string> pathOf, bool isPowerShell)
{
    private const string Worker = "dotnet run --project ServiceProviderOcm.Worker --";

    /// <summary>What each is for, and the command.</summary>
    public IReadOnlyList<(string Purpose, string Command)> For(ObjectKey ocm)
    {
        var tenant = PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
        return
        [
            ("All OCMs, as they change", Kubectl(onboarding, "get ocm --all-namespaces --watch")),
            ("One of them, with its Events", Kubectl(onboarding, $"describe ocm --namespace {ocm.Namespace} {ocm.Name}")),
            ("What the controller has written for it",
                Kubectl(platform, $"get accessrequests,secrets,ocirepositories,helmreleases --namespace {tenant}")),
            ("Change something, such as spec.interval, and see it put right",
                Kubectl(platform, $"edit helmrelease --namespace {tenant} {Manifests.FluxName}")),
            ("On the control plane, make something that depends on the toolkit,",
                Kubectl(controlPlane, $"apply --filename {Quoted(pathOf(Samples.RepositoryFile))}")),
            ("and see that the deletion of the OCM waits for it,",
                Kubectl(onboarding, $"delete ocm --namespace {ocm.Namespace} {ocm.Name} --wait=false")),
            ("until it is gone", Kubectl(controlPlane, $"delete --filename {Quoted(pathOf(Samples.RepositoryFile))}")),
            ("All three again", Kubectl(onboarding, $"apply --filename {Quoted(pathOf(Samples.OcmsFile))}")),
            ("Without kubectl, in the repository's folder: how all OCMs stand", $"{Worker} status --onboarding-kubeconfig {Quoted(onboarding)}"),
            ("and whether the clusters have what the controller needs",
                $"{Variable("POD_NAMESPACE", PlatformSetup.ProviderNamespace)}{Worker} check --provider-name {PlatformSetup.ProviderName} "
                    + $"--kubeconfig {Quoted(platform)} --onboarding-kubeconfig {Quoted(onboarding)}"),
        ];
    }

    private static string Kubectl(string kubeconfig, string rest) => $"kubectl --kubeconfig {Quoted(kubeconfig)} {rest}";

    private static string Quoted(string path) => path.Any(char.IsWhiteSpace) ? $"\"{path}\"" : path;

    private string Variable(string name, string value) => isPowerShell ? $"$env:{name}=\"{value}\"; " : $"{name}={value} ";
}
