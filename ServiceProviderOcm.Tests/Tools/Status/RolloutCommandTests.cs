using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Status;

/// <summary>The built Worker's <c>status</c> and <c>render --diff</c> around a change of the ProviderConfig.</summary>
[Category("Worker")]
public sealed class RolloutCommandTests : ProviderFixture
{
    private static readonly string[] Names = ["mcp-01", "mcp-02", "mcp-03"];

    [Test]
    public async Task A_bad_change_is_previewed_watched_and_shown_until_it_has_stalled_at_the_canary()
    {
        await StartTenantsAsync();
        await using (var diff = Command(["render", "--diff", "-f", ChangedFile("bad")]))
        {
            Assert.That(await diff.EndAsync(), Is.EqualTo(1), () => string.Join('\n', diff.Errors));
            Assert.That(diff.Output, Has.Some.Contains("Difference 1 of 1: 3 of 3 OCMs")
                .And.Some.EqualTo("-    level: one").And.Some.EqualTo("+    level: bad")
                .And.Some.Contains($"1. canaries: 1 OCMs: {World.Ocm("mcp-02")}")
                .And.Some.Contains($"2. batch: 1 OCMs: {World.Ocm("mcp-01")}"));
        }

        await using var watch = Command(["status", "-w"]);
        await watch.LogsAsync("Complete (NewRevisionAvailable)");
        await ConfigureAsync("bad");
        await watch.LogsAsync("Stalled (ProgressDeadlineExceeded)");
        await watch.LogsAsync($"failed: {World.Ocm("mcp-02")}");

        await using (var status = Command(["status", "-o", "yaml"]))
        {
            Assert.That(await status.EndAsync(), Is.Zero);
            var json = YamlManifests.Parse(string.Join('\n', status.Output)).Single().ToElement();
            Assert.That(json.Text("rollout", "state"), Is.EqualTo("Stalled"));
            Assert.That(json.Items("rollout", "failed").Select(each => each.Text("name")), Is.EqualTo(["mcp-02"]));
            Assert.That(
                json.Items("ocms").Select(each => (each.Text("name"), each.GetProperty("updated").GetBoolean(), each.GetProperty("canary").GetBoolean())),
                Is.EqualTo([("mcp-01", false, false), ("mcp-02", true, true), ("mcp-03", false, false)]));
            Assert.That(json.Items("ocms").First().Text("revision"), Is.EqualTo(json.Text("rollout", "currentRevision")));
            Assert.That(status.Errors, Is.Empty);
        }

        await using (var one = Command(["status", World.Ocm("mcp-02").ToString()]))
        {
            Assert.That(await one.EndAsync(), Is.Zero);
            Assert.That(one.Output, Has.Some.Contains("update failed, canary")
                .And.Some.Contains($"HelmRelease {ProviderWorld.FluxKey(World.Ocm("mcp-02"))}: exists, revision")
                .And.Some.Contains("Namespace ocm-k8s-toolkit-system: ")
                .And.Some.Match("OCM .*, last change .* ago by service-provider-ocm \\(Update of status\\)")
                .And.Some.Match("HelmRelease .*, last change .* ago by .* \\(")
                .And.Some.StartsWith("Next Step:  Platform operator: the update to revision"));
        }

        Assert.That(await watch.InterruptAsync(), Is.Zero);
    }

    [Test]
    public async Task What_cannot_be_read_is_explained_in_one_line_with_an_exit_code()
    {
        await ConfigureAsync("one");
        await World.ApplyOcmAsync(World.Ocm());
        var nobody = World.KubeconfigFile(World.Platform, TestUsers.Nobody);

        await AssertFailsAsync(["status", World.Ocm("unknown").ToString()], 1, "not found on the onboarding cluster");
        await AssertFailsAsync(["status", "unknown"], 2, "specify NAMESPACE/NAME", "See --help");
        await AssertFailsAsync(["status", World.Ocm().ToString(), "-w"], 2, "--watch is for all OCMs", "See --help");
        await AssertFailsAsync(["render", "--diff", "-f", ChangedFile("two"), $"--kubeconfig={nobody}"], 3, "forbidden");
        await AssertFailsAsync(["render", "--diff", "-f", ChangedFile("two", name: "unknown")], 3, "ProviderConfig unknown not found");
        await AssertFailsAsync(["render", "--diff", "-f", ChangedFile("two"), "--kubeconfig=/missing"], 3, "/missing");

        await using var status = Command(["status", $"--kubeconfig={nobody}"]);
        Assert.That(await status.EndAsync(), Is.Zero);
        Assert.That(status.Output, Has.Some.Contains(World.Ocm().Name));
        Assert.That(status.Errors, Has.Some.StartsWith("The rollout cannot be read on the platform cluster").And.All.Contains("forbidden"));

        await using var one = Command(["status", World.Ocm().ToString(), $"--kubeconfig={nobody}"]);
        Assert.That(await one.EndAsync(), Is.Zero);
        Assert.That(one.Output, Has.Some.Contains("helmreleases.helm.toolkit.fluxcd.io cannot be read on the platform cluster"));
    }

    private async Task StartTenantsAsync()
    {
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        await ConfigureAsync("one");
        World.StartController();
        foreach (var name in Names)
        {
            await World.ReadyTenantAsync(name);
        }

        await World.Platform.Api.MergePatchAsync(
            Kinds.Namespace,
            ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(World.Ocm("mcp-02"))),
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = "canary" } } });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Json.Number("status", "ocms", "updated") == Names.Length,
            "all are updated");
    }

    private Task ConfigureAsync(string level) => World.ConfigureAsync((JsonObject)Changed(level)["spec"]!.DeepClone());

    private string ChangedFile(string level, string? name = null)
    {
        var path = Path.Combine(Path.GetDirectoryName(World.KubeconfigFile(World.Platform))!, $"{level}-{name}.yaml");
        File.WriteAllText(path, Changed(level, name).ToJsonString());
        return path;
    }

    private JsonObject Changed(string level, string? name = null) => new()
    {
        ["apiVersion"] = Api.ProviderConfig.ApiVersion,
        ["kind"] = Api.ProviderConfig.Kind,
        ["metadata"] = new JsonObject { ["name"] = name ?? World.ProviderName },
        ["spec"] = new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = level },
            ["rollout"] = JsonNode.Parse("""{ "canary": { "selector": { "matchLabels": { "stage": "canary" } } } }"""),
        },
    };

    // As an administrator would, with the kubeconfigs of both clusters.
    private WorkerProcess Command(string[] arguments)
    {
        string[] platform = arguments.Any(argument => argument.StartsWith("--kubeconfig", StringComparison.Ordinal))
            ? []
            : [$"--kubeconfig={World.KubeconfigFile(World.Platform)}"];
        return WorkerProcess.Start(
            [.. arguments, $"--onboarding-kubeconfig={World.KubeconfigFile(World.Onboarding)}", .. platform],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = World.PodNamespace });
    }

    private async Task AssertFailsAsync(string[] arguments, int exitCode, params string[] errors)
    {
        await using var command = Command(arguments);
        Assert.That(await command.EndAsync(), Is.EqualTo(exitCode));
        var lines = command.Errors.Where(line => line.Length > 0).ToList();
        Assert.That(lines, Has.Count.EqualTo(errors.Length), () => string.Join('\n', command.Errors));
        Assert.That(lines.Zip(errors).All(each => each.First.Contains(each.Second, StringComparison.Ordinal)), Is.True, () => string.Join('\n', command.Errors));
        Assert.That(command.Output, Is.Empty);
    }
}
