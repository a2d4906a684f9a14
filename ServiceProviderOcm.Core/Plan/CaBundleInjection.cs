using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>
/// Makes the toolkit trust a CA bundle without values of its chart for it: Flux patches the Deployment that Helm renders.
/// </summary>
internal static class CaBundleInjection
{
    // The label of the chart's only Deployment, and the name of its container.
    private const string DeploymentLabels = "control-plane=controller-manager";
    private const string Container = "manager";

    private const string MountPath = "/etc/sp-ocm/ca";

    /// <summary>The element of <c>spec.postRenderers</c> of a HelmRelease.</summary>
    public static JsonObject PostRenderer(ProviderApi api, CaBundle bundle) => new()
    {
        ["kustomize"] = new JsonObject
        {
            ["patches"] = new JsonArray(new JsonObject
            {
                ["target"] = new JsonObject { ["kind"] = "Deployment", ["labelSelector"] = DeploymentLabels },
                ["patch"] = Patch(api, bundle),
            }),
        },
    };

    // Go reads the directories in SSL_CERT_DIR instead of its default directories, and still its default bundle file. The
    // volume is optional so that no pod waits for a ConfigMap that could not be written.
    private static string Patch(ProviderApi api, CaBundle bundle) =>
        $"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: not-used
        spec:
          template:
            metadata:
              annotations:
                {api.Group}/ca-bundle-checksum: {bundle.Checksum}
            spec:
              containers:
                - name: {Container}
                  env:
                    - name: SSL_CERT_DIR
                      value: /etc/ssl/certs:/etc/pki/tls/certs:{MountPath}
                  volumeMounts:
                    - name: {ObjectNames.CaBundle}
                      mountPath: {MountPath}
                      readOnly: true
              volumes:
                - name: {ObjectNames.CaBundle}
                  configMap:
                    name: {ObjectNames.CaBundle}
                    optional: true

        """.ReplaceLineEndings("\n");
}
