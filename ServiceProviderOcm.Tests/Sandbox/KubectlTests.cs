using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>What a newcomer does with kubectl.</summary>
public sealed class KubectlTests
{
    private static readonly ResourceKind Thing = new("example.com", "v1", "Thing", "things");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubectl-tests-");
    private SandboxCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _cluster = new SandboxCluster("sandbox", TestUsers.All());
        await _cluster.StartAsync(default);
        _cluster.WriteKubeconfig(InFolder("kubeconfig"));
        await _cluster.Api.ApplyAsync(Kinds.CustomResourceDefinition, ThingDefinition.Of(Thing));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Objects_are_applied_shown_described_edited_and_deleted()
    {
        Assert.That(await ApplyAsync(Manifest("size: 1")), Does.Contain("thing.example.com/a created"));
        Assert.That(await ApplyAsync(Manifest("size: 2")), Does.Contain("configured"));
        Assert.That(await ApplyAsync(Manifest("size: 2")), Does.Contain("unchanged"));
        Assert.That(await SaysAsync("get", "things"), Does.Match(@"NAME\s+SIZE\s+a\s+2"));
        Assert.That(await SaysAsync("describe", "thing", "a"), Does.Contain("Size:").And.Contain("Kind:         Thing"));
        Assert.That(await SaysAsync("patch", "thing", "a", "--type=merge", "--patch={\"spec\":{\"size\":3}}"), Does.Contain("patched"));
        Assert.That(await SaysAsync("get", "thing", "a", "--output=jsonpath={.spec.size}"), Is.EqualTo("3"));
        Assert.That(await SaysAsync("label", "thing", "a", "l=v"), Does.Contain("labeled"));
        Assert.That(await SaysAsync("explain", "thing.spec"), Does.Contain("size"));
        Assert.That(await SaysAsync("delete", "thing", "a"), Does.Contain("deleted"));
    }

    [Test]
    public async Task Fields_that_do_not_exist_are_refused()
    {
        var result = await RunAsync("apply", $"--filename={Written(Manifest("colour: red"))}");

        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("unknown field \"spec.colour\""));
    }

    [Test]
    public async Task Built_in_kinds_are_applied_and_shown()
    {
        const string Secret = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: one
              namespace: default
            stringData:
              key: value
            """;

        Assert.That(await ApplyAsync(Secret), Does.Contain("secret/one created"));
        Assert.That(await ApplyAsync(Secret.Replace("value", "other", StringComparison.Ordinal)), Does.Contain("configured"));
        Assert.That(await SaysAsync("get", "secret", "one", "--output=jsonpath={.data.key}"), Is.EqualTo("b3RoZXI="));
        Assert.That(await SaysAsync("get", "namespaces"), Does.Match(@"default\s+Active\s+\d+s"));
        Assert.That(await SaysAsync("get", "crd"), Does.Contain("things.example.com"));
        Assert.That(await SaysAsync("api-resources"), Does.Contain("things").And.Contain("leases"));
        Assert.That(await SaysAsync("version"), Does.Contain("sandbox"));
        Assert.That(await SaysAsync("auth", "can-i", "create", "secrets"), Does.Contain("yes"));
    }

    [Test]
    public async Task Server_side_apply_tells_of_conflicts()
    {
        await SaysAsync("apply", "--server-side", "--field-manager=one", $"--filename={Written(Manifest("size: 1", "shared"))}");

        var result = await RunAsync(
            "apply", "--server-side", "--field-manager=other", $"--filename={Written(Manifest("size: 2", "shared"))}");

        Assert.That(result.Errors, Does.Contain("conflict with \"one\": .spec.size"));
    }

    private static string Manifest(string spec, string name = "a") => $"""
        apiVersion: {Thing.ApiVersion}
        kind: Thing
        metadata:
          name: {name}
          namespace: default
        spec:
          {spec}
        """;

    private Task<string> ApplyAsync(string manifest) => SaysAsync("apply", $"--filename={Written(manifest)}");

    private async Task<string> SaysAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}");
        return result.Output;
    }

    private Task<KubectlResult> RunAsync(params string[] arguments) =>
        Kubectl.RunAsync([$"--kubeconfig={InFolder("kubeconfig")}", $"--cache-dir={InFolder("cache")}", .. arguments]);

    private string Written(string manifest)
    {
        File.WriteAllText(InFolder("manifest.yaml"), manifest);
        return InFolder("manifest.yaml");
    }

    private string InFolder(string file) => Path.Combine(_folder.FullName, file);
}
