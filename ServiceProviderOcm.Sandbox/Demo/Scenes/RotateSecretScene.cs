using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Sandbox.Demo.Files;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>The image pull secret changes, and its copies with it.</summary>
internal static class RotateSecretScene
{
    private const string DataKey = ".dockerconfigjson";

    public static async Task PlayAsync(Stage stage)
    {
        var source = Samples.PullSecret.Key;
        var content = Base64("""{"auths":{"ghcr.io":{"auth":"bmV3"}}}""");
        var copies = Samples.Ocms
            .Select(ocm => new ObjectKey(Stage.TenantNamespace(ocm.Key), ObjectNames.SecretCopy(source.Name)))
            .ToList();

        await stage.RunAsync(
            "The password of the registry changes. The Secret that the ProviderConfig names gets the new one.", Replace(source, content));
        await stage.UntilAsync("The copies of all three tenants have it, too.", HaveAsync);

        await stage.RunAsync("A copy is changed by hand.", Replace(copies[0], Base64("{}")));
        await stage.UntilAsync("The controller reverts that at once.", HaveAsync);

        await stage.SayAsync("The HelmReleases were not written: nothing is reinstalled, and all OCMs stay Ready.");
        stage.Suggest((
            "The copies",
            KubectlCommand.Line(ClusterName.Platform, $"get secrets --all-namespaces --selector {ObjectNames.CopySelector(stage.Served)}")));

        async Task<bool> HaveAsync(CancellationToken cancellationToken)
        {
            foreach (var copy in copies)
            {
                if ((await stage.Clusters.Platform.GetAsync(Kinds.Secret, copy, cancellationToken)).Text("data", DataKey) != content)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private static KubectlCommand Replace(ObjectKey secret, string content) => KubectlCommand.Patch(
        ClusterName.Platform, Kinds.Secret, secret, $$$"""{"data":{"{{{DataKey}}}":"{{{content}}}"}}""");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
