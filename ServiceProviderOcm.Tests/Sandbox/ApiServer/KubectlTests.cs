using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

/// <summary>kubectl, with the commands of the documentation.</summary>
[TestFixture(ServerUnderTest.OfTheRun, Category = "RealServer")]
[TestFixture(ServerUnderTest.Sandbox, Category = "Sandbox")]
public sealed class KubectlTests(ServerUnderTest server) : ApiServerTests(server)
{
    private static readonly ResourceKind Thing = new("example.com", "v1", "Thing", "things");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubectl-tests-");

    [OneTimeSetUp]
    public async Task Define()
    {
        Cluster.WriteKubeconfig(InFolder("kubeconfig"));
        await Cluster.InstallCrdsAsync([ThingDefinition.Of(Thing)]);
    }

    [OneTimeTearDown]
    public void Remove_the_folder() => _folder.Delete(recursive: true);

    [Test]
    public async Task kubectl_applies_gets_patches_labels_and_deletes_an_object()
    {
        Assert.That(await ApplyAsync(Manifest("size: 1")), Does.Contain("thing.example.com/a created"));
        Assert.That(await ApplyAsync(Manifest("size: 2")), Does.Contain("configured"));
        Assert.That(await ApplyAsync(Manifest("size: 2")), Does.Contain("unchanged"));
        Assert.That(await KubectlAsync("get", "things"), Does.Match(@"NAME\s+SIZE\s+a\s+2"));
        Assert.That(await KubectlAsync("get", "thing", "a", "--output=yaml"), Does.Contain("kind: Thing").And.Contain("  size: 2"));
        Assert.That(await KubectlAsync("patch", "thing", "a", "--type=merge", "--patch={\"spec\":{\"size\":3}}"), Does.Contain("patched"));
        Assert.That(await KubectlAsync("get", "thing", "a", "--output=jsonpath={.spec.size}"), Is.EqualTo("3"));
        Assert.That(await KubectlAsync("label", "thing", "a", "l=v"), Does.Contain("labeled"));
        Assert.That(await KubectlAsync("get", "things", "--selector=l=v", "--output=name"), Does.Contain("thing.example.com/a"));
        Assert.That(await KubectlAsync("delete", "thing", "a"), Does.Contain("deleted"));
        Assert.That((await RunAsync("get", "thing", "a")).Errors, Does.Contain("things.example.com \"a\" not found"));
    }

    [Test]
    public async Task kubectl_describes_an_object_with_its_Events()
    {
        await ApplyAsync(Manifest("size: 1"));
        var uid = await KubectlAsync("get", "thing", "a", "--output=jsonpath={.metadata.uid}");
        await Cluster.Api.ApplyAsync(new ResourceKind("", "v1", "Event", "events"), new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = "example" },
            ["involvedObject"] = new JsonObject { ["kind"] = "Thing", ["namespace"] = Namespace, ["name"] = "a", ["uid"] = uid },
            ["type"] = "Warning",
            ["reason"] = "TooSmall",
            ["message"] = "it could be bigger",
        });

        var described = await KubectlAsync("describe", "thing", "a");

        Assert.That(described, Does.Match(@"Size:\s+1").And.Match(@"Kind:\s+Thing").And.Match(@"Warning\s+TooSmall .*it could be bigger"));
        Assert.That(await KubectlAsync("get", "events"), Does.Match(@"Warning\s+TooSmall\s.*it could be bigger"));
    }

    [Test]
    public async Task kubectl_edits_an_object()
    {
        await ApplyAsync(Manifest("size: 1"));

        var said = await EditAsync("s/size: 1/size: 9/", "thing", "a");

        Assert.That(said, Does.Contain("thing.example.com/a edited"));
        Assert.That(await KubectlAsync("get", "thing", "a", "--output=jsonpath={.spec.size}"), Is.EqualTo("9"));
    }

    [TestCase("secrets", "create secret generic s --from-literal=a=b --from-literal=c=d", @"s\s+Opaque\s+2\s")]
    [TestCase("configmaps", "create configmap s --from-literal=a=b", @"s\s+1\s")]
    public async Task kubectl_creates_gets_describes_and_deletes_built_in_kinds(string kind, string command, string row)
    {
        await KubectlAsync(command.Split(' '));

        Assert.That(await KubectlAsync("get", kind), Does.Match(row));
        Assert.That(await KubectlAsync("describe", kind, "s"), Does.Match(@"Name:\s+s\b"));
        Assert.That(await KubectlAsync("delete", kind, "s", "--now"), Does.Contain("deleted"));
    }

    [Test]
    public async Task kubectl_discovers_kinds_namespaces_definitions_and_permissions()
    {
        Assert.That(await KubectlAsync("get", "namespaces"), Does.Match(@"default\s+Active\s+\d+"));
        Assert.That(await KubectlAsync("describe", "namespace", Namespace), Does.Match(@"Status:\s+Active"));
        Assert.That(await KubectlAsync("get", "crd"), Does.Contain("things.example.com"));
        Assert.That(await KubectlAsync("api-resources"), Does.Match(@"things\s+example\.com/v1\s+true\s+Thing").And.Contain("leases"));
        Assert.That(await KubectlAsync("api-versions"), Does.Contain("apps/v1").And.Contain("example.com/v1"));
        Assert.That(await KubectlAsync("auth", "can-i", "create", "secrets"), Does.Contain("yes"));
        Assert.That(await KubectlAsync("version"), Does.Contain("Server Version"));
    }

    [Test]
    public async Task kubectl_watches_changes()
    {
        await ApplyAsync(Manifest("size: 1"));
        using var watch = await Kubectl.StartAsync(Global(["get", "things", "--watch", "--output-watch-events"]));

        // One change after the other, so that it does not matter how long kubectl needs for the first list.
        await watch.ReadUntilAsync("ADDED");
        await ApplyAsync(Manifest("size: 2"));
        await watch.ReadUntilAsync("MODIFIED");
        await KubectlAsync("delete", "thing", "a");
        await watch.ReadUntilAsync("DELETED");

        Assert.That(watch.Text, Does.Match(@"ADDED\s+a\s+1\s+MODIFIED\s+a\s+2\s+DELETED\s+a\s+2"));
    }

    [Test]
    public async Task kubectl_reports_conflicts_of_server_side_apply()
    {
        await KubectlAsync("apply", "--server-side", "--field-manager=one", $"--filename={Written(Manifest("size: 1", "shared"))}");

        var result = await RunAsync(
            "apply", "--server-side", "--field-manager=other", $"--filename={Written(Manifest("size: 2", "shared"))}");
        var forced = await KubectlAsync(
            "apply", "--server-side", "--force-conflicts", "--field-manager=other", $"--filename={Written(Manifest("size: 2", "shared"))}");

        Assert.That(result.Errors, Does.Contain("conflict with \"one\": .spec.size"));
        Assert.That(forced, Does.Contain("thing.example.com/shared serverside-applied"));
    }

    private static string Manifest(string spec, string name = "a") => $"""
        apiVersion: {Thing.ApiVersion}
        kind: Thing
        metadata:
          name: {name}
        spec:
          {spec}
        """;

    private async Task<string> EditAsync(string expression, params string[] what)
    {
        var result = await RunAsync(["edit", .. what], new Dictionary<string, string?> { ["KUBE_EDITOR"] = $"sed -i '{expression}'" });
        Assert.That(result.Code, Is.Zero, result.Errors);
        return result.Output;
    }

    private Task<string> ApplyAsync(string manifest) => KubectlAsync("apply", $"--filename={Written(manifest)}");

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.That(result.Code, Is.Zero, $"{string.Join(' ', arguments)}: {result.Errors}");
        return result.Output;
    }

    private Task<KubectlResult> RunAsync(params string[] arguments) => RunAsync(arguments, new Dictionary<string, string?>());

    private Task<KubectlResult> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?> environment) => Kubectl.RunAsync(
        Global(arguments), environment);

    private string[] Global(string[] arguments) =>
        [$"--kubeconfig={InFolder("kubeconfig")}", $"--cache-dir={InFolder("cache")}", $"--namespace={Namespace}", .. arguments];

    private string Written(string manifest)
    {
        File.WriteAllText(InFolder("manifest.yaml"), manifest);
        return InFolder("manifest.yaml");
    }

    private string InFolder(string file) => Path.Combine(_folder.FullName, file);
}
