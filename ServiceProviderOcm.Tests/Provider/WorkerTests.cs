using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker, run as its users run it.</summary>
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
[Category("Worker")]
public sealed class WorkerTests(ProviderApi api)
{
    [Test]
    [Category("RealServer")]
    public async Task Gets_access_to_the_onboarding_cluster_and_does_its_work_until_it_is_told_to_stop()
    {
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        await using var worker = world.StartWorker();
        await world.ReadyTenantAsync();

        var request = new ObjectKey(ProviderWorld.PodNamespace, $"{api.Group}--onboarding-run");
        var cluster = await world.Platform.Api.GetAsync(Kinds.ClusterRequest, request, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cluster.Json.Text("spec", "purpose"), Is.EqualTo("onboarding"));
            Assert.That(cluster.Labels["openmcp.cloud/managed-by"], Is.EqualTo(api.Group));
            Assert.That(await worker.TerminateAsync(), Is.Zero);
        }

        foreach (var line in worker.Output)
        {
            using var json = JsonDocument.Parse(line);
            Assert.That(json.RootElement.Text("LogLevel"), Is.EqualTo("Information"), line);
        }
    }

    [Test]
    [Category("RealServer")]
    public async Task Uses_a_kubeconfig_for_the_onboarding_cluster_where_it_is_given_one()
    {
        await using var world = await ProviderWorld.CreateAsync(api);
        await world.ConfigureAsync();
        await using var worker = world.StartWorker(
            $"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding, TestUsers.Provider)}", "-v", "debug", "--format", "text");
        await world.ReadyTenantAsync();
        await worker.SaysAsync("is Ready (ReconcileSuccess)");
        var requests = await world.Platform.Api.ListAllAsync(Kinds.ClusterRequest);
        Assert.That(requests.Select(request => request.Namespace), Has.None.EqualTo(ProviderWorld.PodNamespace));
    }

    [TestCase(new[] { "run" }, "--provider-name", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-name=ocm", "--workers=0" }, "--workers 0 is out of bounds", "POD_NAMESPACE")]
    [TestCase(new[] { "run", "--provider-nam=ocm" }, "--provider-nam", "--help")]
    [TestCase(new[] { "run", "--verbosity=loud" }, "loud", "--help")]
    public async Task Says_all_that_is_wrong_with_its_settings(string[] arguments, params string[] said)
    {
        await using var worker = WorkerProcess.Start(arguments, new Dictionary<string, string?> { ["POD_NAMESPACE"] = null });
        Assert.That(await worker.EndAsync(), Is.EqualTo(2));
        foreach (var text in said)
        {
            await worker.SaysAsync(text);
        }
    }

    [Test]
    public async Task Says_what_is_wrong_with_its_kubeconfig()
    {
        await using var worker = WorkerProcess.Start(
            ["run", "--provider-name=ocm", "--kubeconfig=/does/not/exist", "--format=text"],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = "default" });
        Assert.That(await worker.EndAsync(), Is.EqualTo(1));
        await worker.SaysAsync("/does/not/exist");
        Assert.That(worker.Output, Has.None.Contains("   at "));
    }
}
