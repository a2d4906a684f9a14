using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.ServerSideApply;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Apply;

/// <summary>Helm values, whatever they are, become what the manifest says by the steps of a plan, on any API server.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox, Category = "Sandbox")]
public sealed class DriftOnServersTests(ServerUnderTest server) : ApiServerTests(server)
{
    private const int Runs = 60;

    private readonly int _seed = TestContext.CurrentContext.Random.Next();
    private RealApi? _real;
    private PlanExecutor _executor = null!;

    private ObjectKey Key => new(Namespace, ObjectNames.Flux);

    [SetUp]
    public async Task Connect()
    {
        await Cluster.InstallCrdsAsync("helmreleases");
        _real = new RealApi(Cluster);
        _executor = new PlanExecutor((_, _) => new StepTarget(_real.Api, null));
    }

    [TearDown]
    public void Disconnect() => _real?.Dispose();

    [Test]
    public async Task Values_become_any_other_values()
    {
        var json = Seeded();
        for (var run = 0; run < Runs; run++)
        {
            await SettlesAsync(json.Object());
        }
    }

    [Test]
    public async Task Values_that_another_manager_has_edited_become_the_desired_ones_or_others()
    {
        var json = Seeded();
        var values = json.Object();
        await SettlesAsync(values);
        for (var run = 0; run < Runs; run++)
        {
            await ReplaceAsync(json.Edited(values));
            values = run % 2 == 0 ? values : json.Edited(values);
            await SettlesAsync(values);
        }
    }

    [Test]
    public async Task Values_that_another_manager_applies_too_become_the_desired_ones_or_others()
    {
        using var other = new TestKubernetesApi(Cluster, "other");
        var json = Seeded();
        var values = json.Object();
        for (var run = 0; run < Runs; run++)
        {
            await SettlesAsync(values);
            await other.ApplyAsync(PlatformKinds.HelmRelease, Manifest(run % 3 == 0 ? values : json.Edited(values)), isForced: true, default);
            values = run % 2 == 0 ? values : json.Edited(values);
        }

        await SettlesAsync(values);
    }

    [TestCase("""{"a":{"b":1}}""", """{"a":null}""")]
    [TestCase("""{"a":{"b":1}}""", """{"a":{}}""")]
    [TestCase("""{"a":{"b":1}}""", """{"a":[]}""")]
    [TestCase("""{"a":[1]}""", """{"a":{}}""")]
    [TestCase("""{"a":[1]}""", """{"a":null}""")]
    [TestCase("""{"a":null}""", """{"a":{"b":null}}""")]
    [TestCase("""{"a":null,"b":[],"c":{}}""", """{}""")]
    [TestCase("""{}""", """{"a":null,"b":[],"c":{}}""")]
    [TestCase("""{"l":[{"a":1,"b":2}]}""", """{"l":[{"a":1}]}""")]
    [TestCase("""{"l":[{"a":1,"b":null}]}""", """{"l":[{"a":1}]}""")]
    [TestCase("""{"l":[[],{}]}""", """{"l":[{},[]]}""")]
    public async Task Values_change_between_kinds_of_nothing(string before, string after)
    {
        await SettlesAsync((JsonObject)JsonNode.Parse(before)!);
        await SettlesAsync((JsonObject)JsonNode.Parse(after)!);
        await ReplaceAsync((JsonObject)JsonNode.Parse(before)!);
        await SettlesAsync((JsonObject)JsonNode.Parse(after)!);
    }

    private KubeObject Manifest(JsonObject values) => new(
        KubeObject.From(new JsonObject
        {
            ["apiVersion"] = PlatformKinds.HelmRelease.ApiVersion,
            ["kind"] = PlatformKinds.HelmRelease.Kind,
            ["metadata"] = new JsonObject { ["name"] = ObjectNames.Flux, ["namespace"] = Namespace },
            ["spec"] = new JsonObject { ["interval"] = "1m" },
        }).Json,
        shared: SharedPart.Of(HelmValues.Path, KubeObject.From(values).Json));

    private RandomJson Seeded()
    {
        TestContext.Out.WriteLine($"seed {_seed}");
        return new RandomJson(new Random(_seed));
    }

    private async Task SettlesAsync(JsonObject values)
    {
        var manifest = Manifest(values);
        List<string> done = [];
        for (var round = 0; ; round++)
        {
            var observed = await _real!.Api.FindAsync(PlatformKinds.HelmRelease, Key, default);
            var observation = An.Observation() with { ServerDefaults = _executor.ServerDefaults };
            var steps = EnsureApplied.Steps(TargetCluster.Platform, PlatformKinds.HelmRelease, manifest, observed, observation, isForced: false).ToList();
            var explanation = $"seed {_seed}: {values.ToJsonString()} after {string.Join(", ", done)}";
            if (steps.Count == 0)
            {
                var there = observed!.Json.GetProperty("spec").GetProperty("values");
                Assert.That(JsonComparison.AreEqual(there, KubeObject.From(values).Json), Is.True, $"{explanation}: {there}");
                Assert.That(_executor.ServerDefaults, Is.Empty, explanation);
                return;
            }

            Assert.That(round, Is.LessThan(1), $"{explanation}, and there is still a difference: {observed?.Json.At("spec")}");
            foreach (var step in steps)
            {
                await _executor.ExecuteAsync(Key, step, default);
                done.Add(step is PatchStep patch ? patch.Patch.GetRawText() : step.Description);
            }
        }
    }

    private async Task ReplaceAsync(JsonObject values)
    {
        var there = JsonObject.Create((await Cluster.Api.GetAsync(PlatformKinds.HelmRelease, Key, default)).Json)!;
        there["spec"]!["values"] = values.DeepClone();
        await Cluster.Api.ReplaceAsync(PlatformKinds.HelmRelease, KubeObject.From(there));
    }
}
