using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.View;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>A bad value reaches the canary only, and is reverted.</summary>
internal static class BadValueScene
{
    public static async Task PlayAsync(Stage stage)
    {
        var canary = Samples.Ocms[0].Key;
        await stage.RunAsync(
            "One tenant becomes the canary: a label of its namespace on the platform cluster, which tenants cannot set.",
            KubectlCommand.Label(ClusterName.Platform, Kinds.Namespace, new ObjectKey("", Stage.TenantNamespace(canary)), "stage", "canary"));
        await stage.RunAsync(
            "Changes of the ProviderConfig go to the canary first.",
            Configure(stage, """{"spec":{"rollout":{"canary":{"selector":{"matchLabels":{"stage":"canary"}}}}}}"""));
        await stage.SayAsync("So far, no tenant is changed.");

        await stage.RunAsync(
            "A Helm value for all tenants is changed, by mistake to a bad one.",
            Configure(stage, """{"spec":{"values":{"manager":{"replicas":-1}}}}"""));
        await stage.UntilAsync(
            "The canary fails, and the rollout stalls: Progressing=False, ProgressDeadlineExceeded. All others stay as they are.",
            status => status.Rollout.Reason == ProgressingCondition.Stalled && status.Find(canary) is { IsReady: false, Reason: Reasons.HelmReleaseFailed });

        await stage.RunAsync("The value is reverted.", Configure(stage, """{"spec":{"values":{"manager":{"replicas":null}}}}"""));
        await stage.UntilAsync(
            "The canary is rolled back. All OCMs are Ready, and those of the other tenants have been all the time.",
            status => status.Rollout.IsComplete && status.Ocms.All(ocm => ocm.IsReady));

        stage.Suggest(
            ("How far a rollout is", KubectlCommand.Line(ClusterName.Platform, "get providerconfig ocm --output wide")),
            ("A good value passes the canary, and reaches all", $"{Configure(stage, """{"spec":{"values":{"manager":{"replicas":2}}}}""")}"),
            ("Which tenant is at which revision",
                KubectlCommand.Line(
                    ClusterName.Platform, $"get helmreleases --all-namespaces --label-columns {stage.Served.Group}/revision")));
    }

    private static KubectlCommand Configure(Stage stage, string patch) =>
        KubectlCommand.Patch(ClusterName.Platform, stage.Served.ProviderConfig, Samples.ProviderConfig.Key, patch);
}
