using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>The deletion of an OCM waits for a user's object.</summary>
internal static class BlockDeletionScene
{
    public static async Task PlayAsync(Stage stage)
    {
        var ocm = Samples.Ocms[0].Key;
        await stage.RunAsync(
            "A user of the toolkit creates a Repository on the control plane.",
            KubectlCommand.Apply(ClusterName.ControlPlane, PlatformKinds.Repository, Samples.RepositoryFile));
        await stage.RunAsync(
            "A tenant deletes the OCM of that control plane.", KubectlCommand.Delete(ClusterName.Onboarding, stage.Served.Ocm, ocm));
        await stage.UntilAsync(
            "The OCM is Terminating: RepositoriesExist. The toolkit stays installed, so that it can finalize the Repository.",
            status => status.Find(ocm) is { Reason: Reasons.RepositoriesExist });

        await stage.RunAsync(
            "The user deletes the Repository.",
            KubectlCommand.Delete(ClusterName.ControlPlane, PlatformKinds.Repository, Samples.Repository.Key));
        await stage.UntilAsync(
            "The toolkit is uninstalled, and what was created for it is deleted in order. The OCM is gone.", status => status.Find(ocm) is null);

        await stage.RunAsync(
            "The tenant wants it again.", KubectlCommand.Apply(ClusterName.Onboarding, stage.Served.Ocm, Samples.OcmsFile));
        await stage.UntilAsync("The OCM is Ready.", status => status.Find(ocm) is { IsReady: true });

        stage.Suggest(
            ("Do it yourself: create the Repository, and delete an OCM",
                $"{KubectlCommand.Apply(ClusterName.ControlPlane, PlatformKinds.Repository, Samples.RepositoryFile)}"),
            ("The OCMs, which name what blocks", KubectlCommand.Line(ClusterName.Onboarding, "get ocm --all-namespaces")));
    }
}
