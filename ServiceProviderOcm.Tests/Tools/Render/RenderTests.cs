using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Tools.Render;

[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
public sealed class RenderTests(ProviderApi api)
{
    private static readonly string[] Samples = ["ocm", "providerconfig", "pull-secret"];
    private static readonly string Pem = new TestPki().Pem;

    [TestCase("yaml")]
    [TestCase("json")]
    public async Task The_samples_are_rendered_as_they_would_be_applied(string form)
    {
        var run = await RenderRun.OfAsync(["-o", form], SampleTexts());

        Assert.That(run.Errors, Is.Empty);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Is.EqualTo(InGroup(await File.ReadAllTextAsync(
            Path.Combine(TestContext.CurrentContext.TestDirectory, "Tools", "Render", "Golden", $"samples.{form}")))));
    }

    [Test]
    public async Task A_verified_catalogue_with_narrow_access_is_rendered()
    {
        var run = await RenderRun.OfAsync([Ocm(), InGroup(SampleText("providerconfig-production"))]);

        Assert.That(run.Errors, Is.Empty);
        var source = run.Object("OCIRepository");
        Assert.That(source.Text("spec", "ref", "digest"), Does.StartWith("sha256:"));
        Assert.That(source.Text("spec", "verify", "provider"), Is.EqualTo("cosign"));
        var permissions = run.Object("AccessRequest").Json.Items("spec", "token", "permissions").ToList();
        Assert.That(permissions, Is.Not.Empty);
        Assert.That(
            permissions.SelectMany(permission => permission.Items("rules")).SelectMany(rule => rule.Items("verbs")).Select(verb => verb.GetString()),
            Does.Not.Contain("*"));
    }

    [Test]
    public async Task Secret_values_are_shown_only_on_request()
    {
        var masked = await RenderRun.OfAsync(SampleTexts());
        var open = await RenderRun.OfAsync(["--show-secrets"], SampleTexts());

        Assert.That(masked.Object("Secret").Json.TextMap("data"), Is.EqualTo(Data(".dockerconfigjson", "*** (13 bytes)")));
        Assert.That(open.Object("Secret").Json.TextMap("data"), Is.EqualTo(Data(".dockerconfigjson", TestPki.Base64("""{"auths": {}}"""))));
    }

    [Test]
    public async Task Input_may_be_one_file_or_one_List()
    {
        var apart = await RenderRun.OfAsync(SampleTexts());
        var list = $$"""{ "apiVersion": "v1", "kind": "List", "items": [{{string.Join(", ", SampleTexts().SelectMany(YamlManifests.Parse))}}] }""";

        Assert.That((await RenderRun.OfAsync(string.Join("\n---\n", SampleTexts()))).Output, Is.EqualTo(apart.Output));
        Assert.That((await RenderRun.OfAsync(list)).Output, Is.EqualTo(apart.Output));
    }

    [Test]
    public async Task Input_may_be_JSON_objects_that_follow_each_other_or_typed_lists()
    {
        var apart = await RenderRun.OfAsync(SampleTexts());
        var objects = SampleTexts().SelectMany(YamlManifests.Parse).ToList();
        var ocms = objects.Where(json => (string?)json["kind"] == "OCM").ToList();
        var typed = new JsonObject
        {
            ["apiVersion"] = (string?)ocms[0]["apiVersion"],
            ["kind"] = "OCMList",
            ["items"] = new JsonArray([.. ocms.Select(ocm =>
            {
                var item = (JsonObject)ocm.DeepClone();
                item.Remove("kind");
                item.Remove("apiVersion");
                return item;
            })]),
        };

        Assert.That((await RenderRun.OfAsync(string.Concat(objects))).Output, Is.EqualTo(apart.Output));
        Assert.That((await RenderRun.OfAsync(string.Join("\n---\n", objects))).Output, Is.EqualTo(apart.Output));
        Assert.That(
            (await RenderRun.OfAsync($"{typed}\n{string.Concat(objects.Except(ocms))}".Replace("  ", "\t", StringComparison.Ordinal))).Output,
            Is.EqualTo(apart.Output));
    }

    [TestCase("[", "]", "{0}")]
    [TestCase("{\"a\":", "}", "{0}")]
    [TestCase("[", "]", "a: {0}")]
    [TestCase("{a: ", "}", "a: {0}")]
    [TestCase("- ", "", "{0}")]
    public async Task Input_that_is_nested_very_deep_is_rejected(string open, string close, string form)
    {
        var nested = string.Concat(Enumerable.Repeat(open, 30_000)) + "1" + string.Concat(Enumerable.Repeat(close, 30_000));
        var run = await RenderRun.OfAsync(string.Format(CultureInfo.InvariantCulture, form, nested));

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Errors.Single(), Does.StartWith("1.yaml:1: is not valid YAML: nested more than 10000 deep"));
    }

    [Test]
    public async Task Output_has_no_characters_that_control_a_terminal([Values("yaml", "json")] string format)
    {
        const string Text = "a\u001b[31m\u202e\u2028\u200f\u0085\ue0001\U000e0001é";
        var config = Config("""
              values: {text: "a\e[31m\u202e\u2028\u200f\u0085\ue0001\U000e0001é"}
            """);
        var run = await RenderRun.OfAsync(["-o", format], Ocm("0.1.0"), config);

        Assert.That(run.Output.EnumerateRunes().Where(rune => rune.Value != '\n'), Has.None.Matches<Rune>(rune =>
            Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator));
        var release = format == "yaml"
            ? run.Object("HelmRelease").Json
            : run.Entries.Select(entry => entry.At("content")!.Value).Single(content => content.Text("kind") == "HelmRelease");
        Assert.That(release.Text("spec", "values", "text"), Is.EqualTo(Text));
    }

    [Test]
    public async Task A_version_of_the_catalog_is_rendered_with_the_chart_of_its_entry()
    {
        var run = await RenderRun.OfAsync(Ocm("stable"), Config(
            """
              versions:
                - {version: edge, chartVersion: "2.0.0"}
                - {version: stable, chartVersion: "1.2.3", chartURL: r.example.com/chart, helmValues: {port: "8080", tls: "yes", replicas: 2}}
            """));

        var source = run.Object("OCIRepository").Json;
        var values = run.Object("HelmRelease").Json.At("spec", "values")!.Value;
        Assert.That((source.Text("spec", "url"), source.Text("spec", "ref", "tag")), Is.EqualTo(("oci://r.example.com/chart", "1.2.3")));
        Assert.That((values.Text("port"), values.Text("tls"), values.Number("replicas")), Is.EqualTo(("8080", "yes", 2)));
    }

    [Test]
    public async Task A_CA_bundle_and_image_pull_secrets_come_before_the_release_that_needs_them()
    {
        var run = await RenderRun.OfAsync(
            ["-o", "json"],
            Ocm(),
            Config("  caBundleRef: {name: trust, key: ca.crt, injectIntoToolkit: true}\n  values: {manager: {imagePullSecrets: [{name: pull}]}}"),
            Secret("pull"),
            ConfigMap(Pem));

        Assert.That(run.Errors, Is.Empty);
        Assert.That(
            run.Entries.Select(entry => $"{entry.Text("cluster")}: {entry.Text("action")} {entry.Text("content", "kind")} {entry.Text("content", "metadata", "name")}"),
            Is.EqualTo(
            [
                "onboarding cluster: patch OCM mcp-01",
                $"platform cluster: apply AccessRequest {api.Group}--mcp-01--mcp",
                "platform cluster: apply Secret sp-ocm-ca-bundle",
                "platform cluster: apply OCIRepository sp-ocm-k8s-toolkit",
                "control plane: apply Namespace ocm-k8s-toolkit-system",
                "control plane: apply ConfigMap sp-ocm-ca-bundle",
                "control plane: apply Secret pull",
                "platform cluster: apply HelmRelease sp-ocm-k8s-toolkit",
            ]));
        Assert.That(run.Entries[5].Text("content", "data", "ca.crt")!.Trim(), Is.EqualTo(Pem.Trim()));
        Assert.That(run.Output, Does.Not.Contain(TestPki.Base64("hush-hush")));
    }

    [Test]
    public async Task The_kubeconfig_is_that_of_the_AccessRequest_or_a_name_that_stands_for_it()
    {
        const string Note = "# spec.kubeConfig.secretRef.name stands for";
        var assumed = await RenderRun.OfAsync(Ocm(), Config());
        var request = assumed.Object("AccessRequest");
        var granted = await RenderRun.OfAsync(Ocm(), Config(), request.Patched(
            """{ "status": { "observedGeneration": 0, "phase": "Granted", "secretRef": { "name": "the-real-one" } } }""").Json.GetRawText());

        Assert.That(assumed.Output, Does.Contain(Note));
        Assert.That(granted.Output, Does.Not.Contain(Note));
        Assert.That(granted.Object("HelmRelease").Json.Text("spec", "kubeConfig", "secretRef", "name"), Is.EqualTo("the-real-one"));
        Assert.That(granted.Objects.Select(rendered => rendered.Json.Text("kind")), Has.None.EqualTo("AccessRequest"), "it is there already");
    }

    [Test]
    public async Task An_ignored_OCM_is_skipped_with_a_notice()
    {
        var run = await RenderRun.OfAsync(
            Ocm().Replace("spec:", "  annotations: {openmcp.cloud/operation: ignore}\nspec:", StringComparison.Ordinal), Config());

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, "")));
        Assert.That(run.Errors.Single(), Does.StartWith("1.yaml:1: OCM project/mcp-01: nothing is written"));
    }

    [Test]
    public async Task The_reconcile_annotation_is_removed_once()
    {
        var plain = await RenderRun.OfAsync(Ocm(), Config());
        var forced = await RenderRun.OfAsync(
            Ocm().Replace("spec:", "  annotations: {openmcp.cloud/operation: reconcile}\nspec:", StringComparison.Ordinal), Config());

        var kinds = forced.Objects.Select(rendered => rendered.Json.Text("kind")).ToList();
        Assert.That(forced.ExitCode, Is.Zero);
        Assert.That(kinds, Is.EqualTo(["OCM", "AccessRequest", "OCM", "OCIRepository", "HelmRelease"]));
        Assert.That(
            plain.Objects.Select(rendered => rendered.Json.Text("kind")), Is.EqualTo(["OCM", "AccessRequest", "OCIRepository", "HelmRelease"]));
    }

    [Test]
    public async Task Errors_name_file_line_and_reason_and_other_OCMs_are_rendered()
    {
        var run = await RenderRun.OfAsync(
            $"# two of them\n{Ocm("not a tag")}---\n{Ocm("1.0.0", "mcp-02")}---\n{Ocm("", "mcp-03")}", Config());

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Errors, Has.Count.EqualTo(2));
        Assert.That(run.Errors[0], Does.StartWith("1.yaml:2: OCM project/mcp-01: spec.version ").And.EndWith(" (InvalidVersion)"));
        Assert.That(run.Errors[1], Does.StartWith("1.yaml:16: OCM project/mcp-03: spec.version is empty").And.EndWith(" (InvalidVersion)"));
        Assert.That(run.Object("AccessRequest").Name, Does.Contain("mcp-02"));
    }

    [Test]
    public async Task Missing_references_are_reported_with_the_flag_that_adds_them()
    {
        var secret = await RenderRun.OfAsync(Ocm(), Config("  imagePullSecret: {name: pull}"), Secret("other"));
        var bundle = await RenderRun.OfAsync(Ocm(), Config("  caBundleRef: {name: trust, key: ca.crt}"));
        var key = await RenderRun.OfAsync(Ocm(), Config("  caBundleRef: {name: trust, key: other.crt}"), ConfigMap(Pem));

        Assert.That((secret.ExitCode, secret.Output, bundle.ExitCode, key.ExitCode), Is.EqualTo((1, "", 1, 1)));
        Assert.That(
            secret.Errors.Single(),
            Does.StartWith("1.yaml:1: OCM project/mcp-01: Secret provider-system/pull does not exist ").And.EndWith(" Pass it with -f. (ImagePullSecretMissing)"));
        Assert.That(bundle.Errors.Single(), Does.EndWith(" Pass it with -f. (CABundleMissing)"));
        Assert.That(key.Errors.Single(), Does.Contain("has no key \"other.crt\"").And.Not.Contain("-f"));
    }

    [Test]
    public async Task The_provider_name_selects_one_of_several_ProviderConfigs()
    {
        var other = Config("  chartURL: other.example.com/chart").Replace("name: ocm", "name: other", StringComparison.Ordinal);
        var none = await RenderRun.OfAsync(Ocm(), Config(), other);
        var unknown = await RenderRun.OfAsync(["--provider-name", "neither"], Ocm(), Config(), other);
        var chosen = await RenderRun.OfAsync(["--provider-name", "other"], Ocm(), Config(), other);

        Assert.That((none.ExitCode, unknown.ExitCode, chosen.ExitCode), Is.EqualTo((2, 2, 0)));
        Assert.That(none.Errors.Single(), Does.Contain("--provider-name: ocm (2.yaml:1), other (3.yaml:1)"));
        Assert.That(unknown.Errors.Single(), Does.Contain("\"neither\""));
        Assert.That(chosen.Object("OCIRepository").Json.Text("spec", "url"), Is.EqualTo("oci://other.example.com/chart"));
    }

    [TestCase("a: 1\nb: }\n", "1.yaml:2: is not valid YAML: ")]
    [TestCase("---\n# nothing\n---\nhello\n", "1.yaml:4: is not an object")]
    [TestCase("a: 1\nb: 2\na: 3\n", "1.yaml:3: is not valid YAML: ")]
    [TestCase("a: 1\nc:\n  <<: 1\n", "1.yaml:3: is not valid YAML: the value of a merge key")]
    [TestCase("a: 1\nb: .inf\n", "1.yaml:2: is not valid YAML: the number has no equivalent in JSON")]
    [TestCase("{\"a\": 1}\n{\"b\": }", "1.yaml:2: is not valid YAML: malformed JSON")]
    [TestCase("{\"a\": 1}\n{\"b\": 1e400}", "1.yaml:2: is not valid YAML: the number is too large")]
    [TestCase("kind: FooList\nitems: {}\n", "1.yaml:1: has items that are not a list")]
    [TestCase("kind: \"\\u202e\\u001b[31m\"\n", "1.yaml:1: unknown kind \\u202e\\u001b[31m ()")]
    [TestCase("a: &x [*x]\n", "1.yaml:1: is not valid YAML: alias x has no anchor")]
    [TestCase("---\n\napiVersion: apps/v1\nkind: Deployment\n", "1.yaml:3: unknown kind Deployment (apps/v1); supported kinds: OCM, ProviderConfig, Secret, ConfigMap, AccessRequest")]
    [TestCase("metadata: {name: x}\n", "1.yaml:1: kind is missing")]
    [TestCase("apiVersion: example.com/v1alpha1\nkind: OCM\n", "1.yaml:1: OCM has apiVersion \"example.com/v1alpha1\"; expected ocm.")]
    [TestCase("apiVersion: v1\nkind: Secret\n", "1.yaml:1: Secret has no metadata.name")]
    [TestCase("apiVersion: v1\nkind: Secret\nmetadata: {name: A_B}\n", "1.yaml:1: Secret has an invalid name \"A_B\"")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: OCM\nmetadata: {name: x}\n", "1.yaml:1: OCM x has no metadata.namespace")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: OCM\nmetadata: {name: x, namespace: y}\n", "1.yaml:1: OCM x: metadata.namespace must be a string")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: OCM\nmetadata: {name: x, namespace: z}\nspec: {version: 0.3}\n", "1.yaml:1: OCM x: spec.version must be a string")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: OCM\nmetadata: {name: x, namespace: z, deletionTimestamp: \"2026-01-01T00:00:00Z\"}\n", "1.yaml:1: OCM z/x is being deleted")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: OCM\nmetadata: {name: x, namespace: z}\n", "no ProviderConfig")]
    [TestCase("apiVersion: GROUP/v1alpha1\nkind: ProviderConfig\nmetadata: {name: x}\n", "no OCM")]
    [TestCase("", "no OCM")]
    public async Task Invalid_input_is_rejected_with_file_and_line(string content, string message)
    {
        var run = await RenderRun.OfAsync(content.Replace("GROUP", api.Group, StringComparison.Ordinal));

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Errors.Single(), Does.StartWith(message));
    }

    [Test]
    public async Task Invalid_Secrets_are_rejected_without_quoting_their_values()
    {
        foreach (var data in (string[])["data: {a: hush-hush!}", "data: hush-hush", "stringData: {a: {hush: hush}}", "stringData: [hush]"])
        {
            var run = await RenderRun.OfAsync(Ocm(), Config(), $"apiVersion: v1\nkind: Secret\nmetadata: {{name: x}}\n{data}\n");

            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Errors.Single(), Does.StartWith("3.yaml:1: Secret x: ").And.Not.Contain("hush"));
        }
    }

    [Test]
    public async Task Contradictory_input_is_rejected()
    {
        var twice = await RenderRun.OfAsync(Ocm(), Config(), Ocm("0.5.0"));
        var namespaces = await RenderRun.OfAsync(Ocm(), Config(), Secret("a"), Secret("b").Replace("provider-system", "other", StringComparison.Ordinal));
        var groups = await RenderRun.OfAsync(Ocm(), Config().Replace(api.Group, Other, StringComparison.Ordinal));
        var flag = await RenderRun.OfAsync(["--api-group", Other], Ocm(), Config());

        Assert.That((int[])[twice.ExitCode, namespaces.ExitCode, groups.ExitCode, flag.ExitCode], Is.All.EqualTo(2));
        Assert.That(twice.Errors, Is.EqualTo(["3.yaml:1: OCM project/mcp-01 is already defined (1.yaml:1)"]));
        Assert.That(namespaces.Errors.Single(), Does.StartWith("4.yaml:1: Secret other/b is in another namespace than Secret provider-system/a (3.yaml:1)"));
        Assert.That(groups.Errors.Single(), Does.StartWith($"2.yaml:1: ProviderConfig ocm is of API group {Other}, but OCM project/mcp-01 (1.yaml:1) of {api.Group}"));
        Assert.That(
            flag.Errors.Single(), Does.StartWith($"1.yaml:1: OCM has apiVersion \"{api.Ocm.ApiVersion}\"; expected {Other}/v1alpha1"));
    }

    [Test]
    public async Task A_custom_API_group_can_be_rendered()
    {
        string[] files = [.. new[] { Ocm(), Config() }.Select(text => text.Replace(api.Group, "ocm.example.com", StringComparison.Ordinal))];
        var run = await RenderRun.OfAsync(["--api-group=ocm.example.com"], files);

        Assert.That(run.Object("AccessRequest").Name, Is.EqualTo("ocm.example.com--mcp-01--mcp"));
    }

    [Test]
    [Category("Worker")]
    public async Task The_Worker_renders_without_cluster_and_settings()
    {
        using var folder = new TestFolder();
        await using var worker = WorkerProcess.Start(
            ["render", "-f", folder.Write("ocm.yaml", Ocm()), folder.Write("config.yaml", Config())], new Dictionary<string, string?>());

        Assert.That(await worker.EndAsync(), Is.Zero);
        Assert.That(worker.Output, Has.Member("kind: HelmRelease"));
    }

    private string Other => api.Group == ProviderApi.DefaultGroup ? ProviderApi.RenamedGroup : ProviderApi.DefaultGroup;

    private string InGroup(string text) => text.Replace(ProviderApi.DefaultGroup, api.Group, StringComparison.Ordinal);

    private string[] SampleTexts() => [.. Samples.Select(name => InGroup(SampleText(name)))];

    private static string SampleText(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "samples", $"{name}.yaml"));

    private string Ocm(string version = "0.4.0", string name = "mcp-01") => $"""
        apiVersion: {api.Ocm.ApiVersion}
        kind: OCM
        metadata:
          namespace: project
          name: {name}
        spec: {"{"} version: "{version}" {"}"}

        """.ReplaceLineEndings("\n");

    private string Config(string spec = "  pollInterval: 1h") =>
        $"apiVersion: {api.ProviderConfig.ApiVersion}\nkind: ProviderConfig\nmetadata:\n  name: ocm\nspec:\n{spec}\n";

    private static string Secret(string name) =>
        $"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: provider-system}}\ntype: "
            + $"kubernetes.io/dockerconfigjson\nstringData: {{.dockerconfigjson: hush-hush}}\n";

    private static string ConfigMap(string pem) =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: trust\n  namespace: provider-system\ndata:\n  ca.crt: |\n    {pem.Replace("\n", "\n    ", StringComparison.Ordinal)}\n";

    private static Dictionary<string, string> Data(string key, string value) => new() { [key] = value };
}
