using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>Kustomize, which Flux uses for post-rendering, has the last word on whether the patch does what it should.</summary>
public sealed class CaBundleInjectionTests
{
    // Shaped like what the published chart renders.
    private const string Deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: toolkit-controller-manager
          labels:
            control-plane: controller-manager
        spec:
          selector:
            matchLabels:
              control-plane: controller-manager
          template:
            metadata:
              annotations:
                kubectl.kubernetes.io/default-container: manager
              labels:
                control-plane: controller-manager
            spec:
              containers:
                - name: manager
                  image: example.com/toolkit:1
                  env:
                    - name: OTHER
                      value: stays
                  volumeMounts:
                    - name: tmp
                      mountPath: /tmp
                - name: sidecar
                  image: example.com/sidecar:1
              volumes:
                - name: tmp
                  emptyDir: {}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: bystander
        spec:
          template:
            spec:
              containers:
                - name: manager
                  image: example.com/other:1
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ca-bundle-injection-");

    [OneTimeTearDown]
    public void CleanUp() => _folder.Delete(recursive: true);

    [Test]
    public async Task The_container_of_the_toolkit_gets_volume_mount_and_variable_and_keeps_its_own()
    {
        var rendered = await KustomizeAsync(An.CaBundle);

        var pod = rendered["toolkit-controller-manager"].Json.At("spec", "template")!.Value;
        PlanReading.IsJson(
            pod,
            $$"""
            {
              "metadata": {
                "annotations": {
                  "kubectl.kubernetes.io/default-container": "manager",
                  "ocm.services.openmcp.cloud/ca-bundle-checksum": "{{An.CaBundle.Checksum}}"
                },
                "labels": { "control-plane": "controller-manager" }
              },
              "spec": {
                "containers": [
                  {
                    "name": "manager", "image": "example.com/toolkit:1",
                    "env": [
                      { "name": "SSL_CERT_DIR", "value": "/etc/ssl/certs:/etc/pki/tls/certs:/etc/sp-ocm/ca" },
                      { "name": "OTHER", "value": "stays" }
                    ],
                    "volumeMounts": [
                      { "name": "sp-ocm-ca-bundle", "mountPath": "/etc/sp-ocm/ca", "readOnly": true },
                      { "name": "tmp", "mountPath": "/tmp" }
                    ]
                  },
                  { "name": "sidecar", "image": "example.com/sidecar:1" }
                ],
                "volumes": [
                  { "name": "sp-ocm-ca-bundle", "configMap": { "name": "sp-ocm-ca-bundle", "optional": true } },
                  { "name": "tmp", "emptyDir": {} }
                ]
              }
            }
            """);
        Assert.That(rendered["bystander"].Json.GetRawText(), Does.Not.Contain("sp-ocm"));
    }

    private async Task<Dictionary<string, KubeObject>> KustomizeAsync(CaBundle bundle)
    {
        var kustomize = (JsonObject)CaBundleInjection.PostRenderer(An.Identity.Api, bundle)["kustomize"]!.DeepClone();
        kustomize["resources"] = new JsonArray("deployment.yaml");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "kustomization.yaml"), kustomize.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "deployment.yaml"), Deployment);
        using var kubectl = Start();
        var output = kubectl.StandardOutput.ReadToEndAsync();
        var errors = kubectl.StandardError.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        Assert.That(kubectl.ExitCode, Is.Zero, await errors);
        return YamlManifests.Parse(await output).Select(KubeObject.From).ToDictionary(manifest => manifest.Name);
    }

    private Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("kubectl", ["kustomize", _folder.FullName])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("kubectl is not on this machine, and nothing else here can say what kustomize makes of the patch");
            throw new UnreachableException();
        }
    }
}
