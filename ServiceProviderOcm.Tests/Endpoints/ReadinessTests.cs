using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Endpoints;

/// <summary>The answers of the built Worker to the probes of Kubernetes.</summary>
[Category("Worker")]
public sealed class ReadinessTests : ProviderFixture, IDisposable
{
    private const string Missing =
        "[-]informer helmreleases (platform cluster): not synced: its CustomResourceDefinition is not installed";

    private static readonly ResourceKind Definitions = new(
        "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false);

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Test]
    public async Task The_Worker_is_ready_once_every_kind_is_listed_and_stays_ready_during_an_outage()
    {
        var definition = ObjectKey.ClusterScoped(PlatformKinds.HelmRelease.QualifiedPlural);
        await World.Platform.Api.DeleteAsync(Definitions, definition);
        await Eventually.Async(async () => await World.Platform.Api.FindAsync(Definitions, definition) is null, "the CRD is gone");
        await using var worker = World.StartWorker($"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");
        var url = await worker.UrlAsync("health probes");

        var before = await AnswersAsync(
            url,
            "readyz",
            HttpStatusCode.InternalServerError,
            body => body.Split('\n').Where(line => line.StartsWith("[-]", StringComparison.Ordinal)).SequenceEqual([Missing]),
            Missing);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Does.Contain("[+]controller ok\n"));
            Assert.That(before, Does.Contain("[+]informer ocms (onboarding cluster) ok\n"));
        }

        await World.Platform.InstallCrdsAsync("helmreleases");
        await AnswersAsync(url, "readyz", HttpStatusCode.OK, "ok");

        await World.Platform.StopAsync();
        try
        {
            await worker.LogsAsync("Watch of helmreleases.helm.toolkit.fluxcd.io");
            await AnswersAsync(url, "readyz", HttpStatusCode.OK, "ok");
            await AnswersAsync(url, "healthz?verbose", HttpStatusCode.OK, "[+]queue ok\nhealthz check passed\n");
        }
        finally
        {
            await World.Platform.StartAsync(default);
        }
    }

    [Test]
    public async Task The_Worker_is_not_ready_until_the_Lease_of_a_dead_replica_expires()
    {
        var lease = World.Identity.Lease;
        await World.Platform.Api.ApplyAsync(Kinds.Lease, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = lease.Namespace, ["name"] = lease.Name },
            ["spec"] = new JsonObject { ["holderIdentity"] = "dead", ["leaseDurationSeconds"] = 5 },
        });
        await using var worker = World.StartWorker("--leader-elect", $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");
        var url = await worker.UrlAsync("health probes");

        await AnswersAsync(url, "readyz", HttpStatusCode.OK, "ok");

        var held = await World.Platform.Api.FindAsync(Kinds.Lease, lease);
        Assert.That(held!.Json.Text("spec", "holderIdentity"), Is.Not.EqualTo("dead"));
    }

    [Test]
    public async Task The_Worker_is_alive_but_not_ready_while_it_waits_for_access()
    {
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Ignore;
        await using var worker = World.StartWorker();
        var url = await worker.UrlAsync("health probes");
        await AnswersAsync(
            url,
            "readyz",
            HttpStatusCode.InternalServerError,
            $"[-]onboarding access: waiting for ClusterRequest {World.PodNamespace}/{Api.Group}--onboarding-run to be granted\n");
        await AnswersAsync(url, "healthz", HttpStatusCode.OK, "ok");

        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Grant;
        await AnswersAsync(url, "readyz", HttpStatusCode.OK, "ok");
        Assert.That(await worker.TerminateAsync(), Is.Zero);
    }

    [Test]
    public async Task The_Worker_reports_a_port_in_use_in_one_line()
    {
        await using var first = World.StartWorker($"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}");
        var taken = (await first.UrlAsync("health probes")).Authority;
        await using var second = World.StartWorker($"--health-probe-bind-address={taken}");
        Assert.That(await second.EndAsync(), Is.EqualTo(1));
        await second.LogsAsync($"--health-probe-bind-address: cannot listen on {taken}");
        Assert.That(second.Output, Has.Count.EqualTo(1));
    }

    private Task<string> AnswersAsync(Uri worker, string path, HttpStatusCode code, string text) =>
        AnswersAsync(worker, path, code, body => body.Contains(text, StringComparison.Ordinal), $"\"{text}\"");

    private async Task<string> AnswersAsync(Uri worker, string path, HttpStatusCode code, Func<string, bool> condition, string what)
    {
        var found = await Eventually.Async(
            async () =>
            {
                using var answer = await _http.GetAsync(new Uri(worker, path));
                return (Code: answer.StatusCode, Body: await answer.Content.ReadAsStringAsync());
            },
            answer => answer.Code == code && condition(answer.Body),
            $"/{path} answers {code} with {what}");
        return found.Body;
    }
}
