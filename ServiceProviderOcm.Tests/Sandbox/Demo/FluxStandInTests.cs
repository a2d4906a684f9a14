using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

public sealed class FluxStandInTests() : StandInFixture<FluxStandIn>(FluxStandIn.Name, "ocirepositories", "helmreleases")
{
    private static readonly ObjectKey Key = new("default", "toolkit");
    private static readonly ObjectKey SecretKey = new("default", "toolkit.kubeconfig");

    protected override FluxStandIn Create(IKubernetesApi api) => new(api, Pace.AtOnce);

    [Test]
    public async Task Flux_sets_a_HelmRelease_Ready_when_chart_and_kubeconfig_exist()
    {
        await ReleaseAsync();
        await ReadyAsync(PlatformKinds.HelmRelease, "False", "ArtifactFailed");

        await RepositoryAsync();
        await ReadyAsync(PlatformKinds.OciRepository, "True", "Succeeded");
        await ReadyAsync(PlatformKinds.HelmRelease, "False", "RESTClientError");

        await SecretAsync();
        var release = await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");
        Assert.That(release.Finalizers, Is.EqualTo([FluxStandIn.Finalizer]));
    }

    [Test]
    public async Task Flux_writes_conditions_in_one_patch_and_the_rest_of_the_status_in_the_next()
    {
        var start = await Platform.Api.ListAsync(PlatformKinds.HelmRelease, new ListRequest(null, null, null, 1, null), default);
        var mark = Platform.AuditLog.Mark();
        await SecretAsync();
        await RepositoryAsync();
        await ReadyAsync(PlatformKinds.OciRepository, "True", "Succeeded");
        await ArtifactAsync("1.0.0");
        await ReleaseAsync();
        await DeployedAsync("1.0.0");

        // Flux watches its own writes, too; once another object is reconciled, it has received them.
        await RepositoryAsync("other");
        await Eventually.Async(
            () => Platform.Api.GetAsync(PlatformKinds.OciRepository, new ObjectKey("default", "other"), default),
            other => other.Finalizers.Count == 1,
            "another repository has its finalizer");

        var writes = Platform.AuditLog.Since(mark)
            .Where(entry => entry is { UserAgent: FluxStandIn.Name, Verb: "patch", Name: "toolkit" })
            .Select(entry => $"{entry.Resource} {entry.Subresource}");
        Assert.That(
            writes,
            Is.EqualTo(
            [
                "ocirepositories ", "ocirepositories status", "ocirepositories status", "ocirepositories status",
                "helmreleases ", "helmreleases status", "helmreleases status", "helmreleases status", "helmreleases status",
            ]));
        var seen = await Platform.Api.WatchAsync(
                PlatformKinds.HelmRelease,
                new WatchRequest(start.ResourceVersion, null, null, null, TimeSpan.FromSeconds(1)) { Server = start.Server },
                default)
            .Where(change => change.Type == WatchEventType.Modified)
            .Select(change => (
                change.Subject.ReadyCondition.Text("status"),
                change.Subject.Json.Items("status", "history").Any(),
                change.Subject.Json.Number("status", "observedGeneration") == change.Subject.Generation))
            .ToListAsync();
        Assert.That(seen[^2..], Is.EqualTo([("True", false, false), ("True", true, true)]));
    }

    [Test]
    public async Task Flux_upgrades_when_the_artifact_changes_and_notices_that_later()
    {
        await AllAsync();
        await DeployedAsync("1.0.0");
        StandIn.Installs.Close();

        await RepositoryAsync(tag: "2.0.0");
        await ArtifactAsync("2.0.0");

        var release = await Platform.Api.GetAsync(PlatformKinds.HelmRelease, Key, default);
        Assert.That(
            (release.ReadyCondition.Text("status"), VersionOf(release)), Is.EqualTo(("True", "1.0.0")), "still Ready with the old chart");
        StandIn.Installs.Open();
        await DeployedAsync("2.0.0");
        await ReadyAsync(PlatformKinds.HelmRelease, "True", "UpgradeSucceeded");
    }

    [Test]
    public async Task Flux_returns_to_a_HelmRelease_whose_source_was_not_ready_only_after_the_dependency_interval()
    {
        StandIn.DependencyInterval = TimeSpan.FromSeconds(1);
        await AllAsync();
        await DeployedAsync("1.0.0");

        // The same artifact in a new generation, which is not observed yet.
        StandIn.Pulls.Close();
        await Platform.Api.MergePatchAsync(
            PlatformKinds.OciRepository, Key, new JsonObject { ["spec"] = new JsonObject { ["interval"] = "2m" } });
        var minutes = 1;

        // Flux may see a change of the HelmRelease before that of its source.
        await Eventually.Async(
            () => Platform.Api.MergePatchAsync(
                PlatformKinds.HelmRelease, Key, new JsonObject { ["spec"] = new JsonObject { ["interval"] = $"{++minutes}m" } }),
            release => release.ReadyCondition.Text("reason") == "SourceNotReady",
            "Flux has seen that the source is not ready");
        StandIn.Pulls.Open();
        await ReadyAsync(PlatformKinds.OciRepository, "True", "Succeeded");

        await ReadyAsync(PlatformKinds.HelmRelease, "True", "UpgradeSucceeded");
    }

    [Test]
    public async Task Flux_reports_a_failed_installation_until_it_succeeds()
    {
        StandIn.Behaviour = FluxBehaviour.FailHelm;
        await AllAsync();
        var release = await ReadyAsync(PlatformKinds.HelmRelease, "False", "InstallFailed");
        Assert.That(release.Json.Items("status", "conditions").Single().Text("message"), Is.EqualTo(StandIn.FailureMessage));

        StandIn.Behaviour = FluxBehaviour.Normal;

        await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");
    }

    [Test]
    public async Task Flux_pauses_installations_until_the_gate_opens()
    {
        StandIn.Installs.Close();
        await AllAsync();
        await ReadyAsync(PlatformKinds.OciRepository, "True", "Succeeded");
        var held = await Eventually.Async(
            () => Platform.Api.GetAsync(PlatformKinds.HelmRelease, Key, default),
            seen => seen.Finalizers.Count == 1,
            "the HelmRelease has its finalizer");
        Assert.That(held.Json.At("status", "conditions"), Is.Null);

        StandIn.Installs.Open();

        await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");
    }

    [Test]
    public async Task Flux_uninstalls_with_the_kubeconfig()
    {
        await AllAsync();
        await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");

        await Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, Key);
        await Platform.Api.DeleteAsync(PlatformKinds.OciRepository, Key);

        await GoneAsync(PlatformKinds.HelmRelease);
        await GoneAsync(PlatformKinds.OciRepository);
        Assert.That(StandIn.Uninstalled.Select(release => release.Key), Is.EqualTo([Key]));
    }

    [Test]
    public async Task Flux_cannot_uninstall_without_the_kubeconfig()
    {
        await AllAsync();
        await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");
        await Platform.Api.DeleteAsync(Kinds.Secret, SecretKey);

        await Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, Key);

        await ReadyAsync(PlatformKinds.HelmRelease, "False", "RESTClientError");
        await SecretAsync();
        await GoneAsync(PlatformKinds.HelmRelease);
    }

    [Test]
    public async Task Flux_finalizes_a_suspended_HelmRelease_without_uninstalling_it()
    {
        await AllAsync();
        await ReadyAsync(PlatformKinds.HelmRelease, "True", "InstallSucceeded");
        await Platform.Api.DeleteAsync(Kinds.Secret, SecretKey);
        await Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, Key, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });

        await Platform.Api.DeleteAsync(PlatformKinds.HelmRelease, Key);

        await GoneAsync(PlatformKinds.HelmRelease);
        Assert.That(StandIn.Uninstalled, Is.Empty);
    }

    private Task<KubeObject> ReadyAsync(ResourceKind kind, string status, string reason) => Eventually.Async(
        () => Platform.Api.GetAsync(kind, Key, CancellationToken.None),
        subject => subject.Json.Items("status", "conditions").Any(condition =>
            condition.Text("type") == "Ready"
            && condition.Text("status") == status
            && condition.Text("reason") == reason
            && condition.Number("observedGeneration") == subject.Generation),
        $"{kind} {Key} is Ready={status} for {reason}");

    private Task ArtifactAsync(string tag) => Eventually.Async(
        () => Platform.Api.GetAsync(PlatformKinds.OciRepository, Key, default),
        seen => seen.Json.Text("status", "artifact", "revision")?.StartsWith($"{tag}@sha256:", StringComparison.Ordinal) is true,
        $"the artifact is of {tag}");

    private Task DeployedAsync(string version) => Eventually.Async(
        () => Platform.Api.GetAsync(PlatformKinds.HelmRelease, Key, default),
        seen => VersionOf(seen) == version && seen.Json.Number("status", "observedGeneration") == seen.Generation,
        $"{version} is deployed");

    private static string? VersionOf(KubeObject release) =>
        release.Json.Items("status", "history").FirstOrDefault().Text("chartVersion")?.Split('+')[0];

    private Task GoneAsync(ResourceKind kind) =>
        Eventually.Async(async () => await Platform.Api.FindAsync(kind, Key) is null, $"{kind} {Key} is gone");

    private async Task AllAsync()
    {
        await SecretAsync();
        await RepositoryAsync();
        await ReleaseAsync();
    }

    private Task<KubeObject> SecretAsync() => ApplyAsync(Kinds.Secret, SecretKey.Name, "stringData", """{"kubeconfig": "text"}""");

    private Task<KubeObject> RepositoryAsync(string name = "toolkit", string tag = "1.0.0") => ApplyAsync(
        PlatformKinds.OciRepository,
        name,
        "spec",
        $$"""{ "interval": "1m", "url": "oci://example.com/chart", "ref": { "tag": "{{tag}}" } }""");

    private Task<KubeObject> ReleaseAsync() => ApplyAsync(PlatformKinds.HelmRelease, Key.Name, "spec", """
        {
          "interval": "1m",
          "chartRef": {"kind": "OCIRepository", "name": "toolkit", "namespace": "default"},
          "kubeConfig": {"secretRef": {"name": "toolkit.kubeconfig", "key": "kubeconfig"}}
        }
        """);

    private Task<KubeObject> ApplyAsync(ResourceKind kind, string name, string field, string content) =>
        Platform.Api.ApplyAsync(kind, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "default", ["name"] = name },
            [field] = JsonNode.Parse(content),
        });
}
