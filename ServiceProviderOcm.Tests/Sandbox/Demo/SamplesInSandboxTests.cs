using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Setup;
using ServiceProviderOcm.Tests.Deploy;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

/// <summary>The manifests in <c>deploy/samples</c>, on the clusters that they are for.</summary>
public sealed class SamplesInSandboxTests
{
    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);

    [Test]
    public async Task Every_sample_is_accepted_by_its_cluster()
    {
        using var kubeconfigs = new SandboxFolder();
        await using var clusters = await LocalClusters.StartAsync(kubeconfigs, TimeProvider.System, default);
        var setup = new PlatformSetup(clusters.Apis, Api, TimeProvider.System);
        await setup.InstallDefinitionsAsync(PlatformCrds.Read(), default);
        await setup.AddProviderAsync(default);
        var installer = new CrdInstaller(
            new InformerFactory(new InformerOptions(), TimeProvider.System, Random.Shared, NullLogger.Instance),
            TimeProvider.System,
            NullLogger<CrdInstaller>.Instance);
        foreach (var definition in ProviderCrds.Of(Api))
        {
            var cluster = definition.Labels[ProviderCrds.ClusterLabel] == "platform" ? clusters.PlatformApi : clusters.OnboardingApi;
            await installer.InstallAsync(cluster, definition, default);
        }

        var folder = Path.Combine(AppContext.BaseDirectory, "deploy");
        var files = Directory.GetFiles(Path.Combine(folder, "samples"), "*.yaml", SearchOption.AllDirectories);
        foreach (var sample in files.SelectMany(file => DeployedYaml.Read(Path.GetRelativePath(folder, file))).Select(json => new KubeObject(json)))
        {
            var (cluster, kind) = sample.Json.Text("kind") switch
            {
                "OCM" => (clusters.OnboardingApi, Api.Ocm),
                "Repository" => (clusters.ControlPlaneApi, PlatformKinds.Repository),
                "ProviderConfig" => (clusters.PlatformApi, Api.ProviderConfig),
                _ => (clusters.PlatformApi, Kinds.Secret),
            };
            if (kind.IsNamespaced)
            {
                await cluster.ApplyAsync(
                    Kinds.Namespace, new() { ["metadata"] = new JsonObject { ["name"] = sample.Namespace } });
            }

            var applied = await cluster.ApplyAsync(kind, sample, isForced: false, default);

            Assert.That(applied.Key, Is.EqualTo(sample.Key));
        }

        Assert.That(files, Has.Length.EqualTo(6));
    }

    [Test]
    public void The_sample_OCMs_have_three_control_planes_in_several_namespaces_and_versions()
    {
        var ocms = Samples.Ocms;

        Assert.That(ocms.Select(ocm => ocm.Key).Distinct().ToList(), Has.Count.EqualTo(3));
        Assert.That(ocms.Select(ocm => ocm.Namespace).Distinct().Count(), Is.GreaterThan(1));
        Assert.That(ocms.Select(ocm => ocm.Json.Text("spec", "version")), Is.Unique);
    }
}
