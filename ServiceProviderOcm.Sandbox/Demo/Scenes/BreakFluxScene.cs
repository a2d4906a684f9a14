using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A tenant upgrades while Flux does not run.</summary>
internal static class BreakFluxScene
{
    public static async Task PlayAsync(Stage stage)
    {
        const string Version = "0.5.0";
        var ocm = Samples.Ocms[0].Key;
        stage.Flux.Behaviour = FluxBehaviour.Silent;
        await stage.SayAsync(
            "Flux stops, as after: kubectl --namespace flux-system scale deployment --all --replicas 0 (in the sandbox, its stand-in stops)");

        await stage.RunAsync(
            $"A tenant upgrades to version {Version}.",
            KubectlCommand.Patch(ClusterName.Onboarding, stage.Served.Ocm, ocm, $$$"""{"spec":{"version":"{{{Version}}}"}}"""));
        await stage.UntilAsync(
            "The OCM is Progressing, and names the object that Flux does not reconcile. The other tenants stay Ready.",
            status => status.Find(ocm) is { IsReady: false, Reason.Length: > 0 });

        await stage.SayAsync("Flux runs again.");
        stage.Flux.Behaviour = FluxBehaviour.Normal;
        await stage.UntilAsync(
            "The upgrade continues where it stopped, without any action, and the OCM is Ready.",
            status => status.Find(ocm) is { IsReady: true } now && now.Message.Contains($":{Version}.", StringComparison.Ordinal));

        stage.Suggest(
            ("Events of the OCM", KubectlCommand.Line(ClusterName.Onboarding, $"describe ocm --namespace {ocm.Namespace} {ocm.Name}")),
            ("Flux fails for all tenants", "dotnet run --project ServiceProviderOcm.Sandbox -- --flux=fails"));
    }
}
