using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Tools.Render;

/// <summary><c>render --diff</c> with files.</summary>
public sealed class RenderDiffTests
{
    private const string Old = """
        apiVersion: ocm.services.openmcp.cloud/v1alpha1
        kind: ProviderConfig
        metadata: { name: ocm }
        spec:
          chartURL: registry.example.com/chart
          imagePullSecret: { name: registry }
          values: { manager: { replicas: 1 } }
        """;

    private const string Ocms = """
        { apiVersion: ocm.services.openmcp.cloud/v1alpha1, kind: OCM, metadata: { namespace: team, name: a }, spec: { version: 0.3.0 } }
        ---
        { apiVersion: ocm.services.openmcp.cloud/v1alpha1, kind: OCM, metadata: { namespace: team, name: b }, spec: { version: 0.4.0 } }
        ---
        { apiVersion: ocm.services.openmcp.cloud/v1alpha1, kind: OCM, metadata: { namespace: team, name: c }, spec: { version: 0.4.0 } }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: registry }
        type: kubernetes.io/dockerconfigjson
        stringData: { .dockerconfigjson: '{"auths": {"hidden.example.com": {}}}' }
        """;

    private static readonly string Canary =
        $"\n---\n{{ apiVersion: v1, kind: Namespace, metadata: {{ name: {PlatformNames.TenantNamespace("team", "b")}, labels: {{ stage: canary }} }} }}\n";

    [Test]
    public async Task No_difference_has_exit_code_0()
    {
        var run = await DiffAsync(Old, Old);

        Assert.That((run.ExitCode, run.Errors.Count), Is.EqualTo((0, 0)));
        Assert.That(run.Output, Does.Contain("# Unchanged: 3 OCMs").And.Not.Contain("@@"));
    }

    [Test]
    public async Task A_changed_value_is_shown_once_with_its_OCMs_and_the_stages()
    {
        var run = await DiffAsync(
            Old,
            Old.Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal)
                + "\n  rollout: { maxUnavailable: 1, canary: { selector: { matchLabels: { stage: canary } } } }");

        Assert.That((run.ExitCode, run.Errors.Count), Is.EqualTo((1, 0)));
        var lines = run.Output.ReplaceLineEndings("\n").Split('\n');
        var release = $"platform cluster: HelmRelease {PlatformNames.TenantNamespace("team", "a")}/sp-ocm-k8s-toolkit";
        Assert.That(lines.Where(line => line.Length > 0 && line[0] is '-' or '+'), Is.EqualTo(new[]
        {
            $"--- {release}", $"+++ {release}", "-      replicas: 1", "+      replicas: 2",
        }));
        Assert.That(run.Output, Does.Contain("Difference 1 of 1: 3 of 3 OCMs, here OCM team/a")
            .And.Contain("#   1. canaries: 1 OCMs: team/b")
            .And.Contain("#   2. batch: 1 OCMs: team/a")
            .And.Contain("#   3. batch: 1 OCMs: team/c"));
    }

    [Test]
    public async Task Secrets_are_never_shown()
    {
        var run = await DiffAsync(Old.Replace("  imagePullSecret: { name: registry }\n", "", StringComparison.Ordinal), Old);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("+++ platform cluster: Secret").And.Contain("*** (")
            .And.Not.Contain("hidden.example.com").And.Not.Contain(TestPki.Base64("""{"auths": {"hidden.example.com": {}}}""")));
        Assert.That((await DiffAsync(Old, Old, "--show-secrets")).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task OCMs_whose_version_is_not_offered_any_more_are_counted_with_the_reason()
    {
        var run = await DiffAsync(Old, Old + """

              versions: [{ version: 0.3.0, chartVersion: 0.3.0, chartURL: registry.example.com/chart, chartPullSecret: registry, helmValues: { manager: { replicas: 1 } } }]
            """);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Output, Does.Contain("# Error: 2 of 3 OCMs would report VersionNotOffered, and what is installed stays: team/b, team/c")
            .And.Contain("# Unchanged: 1 OCMs").And.Not.Contain("@@"));
    }

    [Test]
    public async Task A_change_that_installs_the_same_is_no_difference()
    {
        var run = await DiffAsync(Old, Old.Replace("registry.example.com", "oci://registry.example.com", StringComparison.Ordinal) + "\n  pollInterval: 5m");

        Assert.That((run.ExitCode, run.Output.Contains("@@", StringComparison.Ordinal)), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task JSON_has_the_documented_fields()
    {
        var run = await DiffAsync(Old, Old.Replace("replicas: 1", "replicas: 2", StringComparison.Ordinal), "-o", "json");
        var json = JsonReading.Parse(run.Output);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(
            string.Join(' ', json.EnumerateObject().Select(field => field.Name)),
            Is.EqualTo("providerConfig fromRevision toRevision total unchanged paused notInstalled unreadable differences errors unknown rollout"));
        Assert.That(json.Items("differences").Single().Items("ocms").Select(ocm => ocm.GetString()), Is.EqualTo(["team/a", "team/b", "team/c"]));
        Assert.That(json.Items("rollout", "stages").Select(stage => stage.Items("ocms").Count()), Is.EqualTo([1, 1, 1]));
    }

    [TestCase("--against", "missing.yaml", "--diff", "missing.yaml cannot be read")]
    public async Task Unreadable_files_have_exit_code_2(params string[] flags)
    {
        var run = await RenderRun.OfAsync(flags[..^1], Old);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Errors.Single(), Does.Contain(flags[^1]));
    }

    private static async Task<RenderRun> DiffAsync(string from, string to, params string[] flags)
    {
        using var folder = new TestFolder();
        return await RenderRun.OfAsync(["--diff", "--against", folder.Write("old.yaml", $"{from}\n---\n{Ocms}{Canary}"), .. flags], to);
    }
}
