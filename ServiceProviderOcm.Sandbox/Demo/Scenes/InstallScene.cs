using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A fourth tenant gets the toolkit, and upgrades it.</summary>
internal static class InstallScene
{
    public static async Task PlayAsync(Stage stage)
    {
        var ocm = Samples.Ocm.Key;
        await stage.RunAsync(
            "A tenant orders the toolkit for the control plane mcp-01, which does not exist yet.",
            KubectlCommand.Apply(ClusterName.Onboarding, stage.Served.Ocm, Samples.OcmFile));
        await stage.UntilAsync(
            "The OCM is Progressing, and its message names what it waits for.",
            status => status.Find(ocm) is { IsReady: false, Reason.Length: > 0 });

        await stage.SayAsync("The platform creates the control plane: a namespace and a ClusterRequest on the platform cluster.");
        await stage.Setup.AddControlPlaneAsync(ocm, stage.Stop);
        await stage.UntilAsync(
            "The controller gets access, Flux installs the chart, and the OCM is Ready.", status => status.Find(ocm) is { IsReady: true });

        const string Version = "0.4.0";
        await stage.RunAsync(
            "The tenant upgrades the toolkit.",
            KubectlCommand.Patch(ClusterName.Onboarding, stage.Served.Ocm, ocm, $$$"""{"spec":{"version":"{{{Version}}}"}}"""));
        await stage.UntilAsync(
            $"The OCM is Ready with version {Version}.",
            status => status.Find(ocm) is { IsReady: true } now && now.Message.Contains($":{Version}.", StringComparison.Ordinal));

        stage.Suggest(
            ("Events of the OCM", KubectlCommand.Line(ClusterName.Onboarding, $"describe ocm --namespace {ocm.Namespace} {ocm.Name}")),
            ("What the controller and Flux have created",
                KubectlCommand.Line(
                    ClusterName.Platform, $"get accessrequests,secrets,ocirepositories,helmreleases --namespace {Stage.TenantNamespace(ocm)}")));
    }
}
