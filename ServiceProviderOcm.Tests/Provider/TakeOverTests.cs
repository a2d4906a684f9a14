using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Core.Tools.Check;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Take-over from the Go provider on the sandbox.</summary>
[Category("Sandbox")]
public sealed class TakeOverTests() : TakeOverScenarios(
    () => ProviderWorld.InSandboxAsync(new ProviderApi(ProviderApi.RenamedGroup)), ownsControlPlane: true)
{
    private static JsonObject WithoutPullSecrets => new() { ["manager"] = new JsonObject { ["logLevel"] = "info" } };

    [Test]
    public Task An_adopted_copy_on_the_control_plane_keeps_its_type_and_has_only_the_credentials() => IsAdoptedAsync(isOnControlPlane: true);

    [Test]
    public async Task A_rollback_with_an_Opaque_source_succeeds_once_the_copies_that_the_check_names_are_deleted()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.OpaqueType);
        await World.ConfigureAsync(Config());
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName };

        var rejected = await Assert.ThrowsAsync<KubernetesApiException>(() => go.WriteAsync(ocm));
        var before = await CheckAsync();
        await World.Platform.Api.DeleteAsync(Kinds.Secret, ProviderWorld.SecretCopy(ocm));
        await go.WriteAsync(ocm);
        var after = await CheckAsync();

        Assert.That((rejected!.Code, before.Status, after.Status), Is.EqualTo((422, CheckStatus.Failed, CheckStatus.Ok)));
        Assert.That(before.Message, Does.Contain($"{ProviderWorld.SecretCopy(ocm)}"));

        async Task<CheckResult> CheckAsync() => (await RollbackChecks.RunAsync(World.Identity, World.Platform.Api, onboarding: null, default))
            .Single(result => result.Name == "rollback: types of Secret copies");
    }

    [Test]
    public async Task Copies_on_the_control_plane_that_are_no_longer_referenced_are_pruned_once_and_Secrets_of_others_stay()
    {
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values };
        await LeftByGoAsync(go, "helm", "helm.sh/release.v1");
        await LeftByGoAsync(go, "shared");
        await World.Mcp.Api.MergePatchAsync(
            Kinds.Secret, OnControlPlane("shared"), new JsonObject { ["data"] = new JsonObject { ["theirs"] = "YQ==" } });
        await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = ObjectNames.ToolkitNamespace, ["name"] = "theirs" },
        });
        var ocm = await TakenOverAsync(go);

        World.StartController();
        await PrunedAsync(ocm);
        await World.ReadyAsync(ocm);

        var adopted = await World.Mcp.Api.GetAsync(Kinds.Secret, OnControlPlane(ProviderWorld.PullSecretName), default);
        Assert.That(adopted.Labels, Contains.Key(ObjectNames.ManagedByLabel));
        foreach (var name in new[] { "helm", "shared", "theirs" })
        {
            Assert.That((await World.Mcp.Api.GetAsync(Kinds.Secret, OnControlPlane(name), default)).Labels, Is.Empty, name);
        }

        await World.StopControllerAsync();
        var mark = World.Mcp.AuditLog.Mark();
        World.StartController();
        await World.ReadyTenantAsync("other");
        await Eventually.Async(() => ListsOfSecrets(mark).Count() == 2, "the Secrets on both control planes are listed");
        Assert.That(ListsOfSecrets(mark).Count(), Is.EqualTo(2), "once for each OCM, by labels");
    }

    [Test]
    public async Task Without_pull_secrets_a_copy_on_the_control_plane_is_pruned_and_nothing_is_watched_after_that()
    {
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = WithoutPullSecrets };
        var ocm = await TakenOverAsync(go);
        using var metrics = new MetricsReader();

        World.StartController(metrics: metrics.Metrics);
        await PrunedAsync(ocm);

        await Eventually.Async(
            () => metrics.Read("service_provider_ocm_entries")["control_planes"] == 0, "the control plane is not watched");
    }

    [Test]
    public async Task A_take_over_does_not_wait_for_a_control_plane_that_fails_and_copies_are_pruned_after_a_restart()
    {
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = WithoutPullSecrets };
        var ocm = await TakenOverAsync(go);
        World.McpFaults.Answer(HttpStatusCode.Forbidden, "Forbidden", to => to.RequestUri!.AbsolutePath.EndsWith("/secrets", StringComparison.Ordinal));
        using var states = new ReadyStates(World, ocm);

        World.StartController();
        await Eventually.Async(() => IsLabelledAsync(ocm), "all objects are adopted");
        await Eventually.Async(() => World.McpFaults.Answered > 0, "the list has failed");
        await World.StopControllerAsync();
        Assert.That(await states.SeenAsync(), Is.All.EqualTo("True"));
        Assert.That(await World.Mcp.Api.FindAsync(Kinds.Secret, OnControlPlane(Former)), Is.Not.Null);

        World.McpFaults.Clear();
        World.StartController();
        await PrunedAsync(ocm);
    }

    [TestCase("two", 0)]
    [TestCase("three", 1)]
    public async Task What_the_Go_provider_has_installed_since_is_not_reverted_to_what_was_installed_before_it(string newest, int changes)
    {
        await World.ConfigureAsync(Leveled("one"));
        World.StartController();
        var ocm = await World.ReadyTenantAsync();
        await World.StopControllerAsync();
        using (var go = new GoProvider(World) { Values = new JsonObject { ["level"] = "two" } })
        using (var other = new GoProvider(World) { Values = new JsonObject { ["level"] = "other" } })
        {
            // Times of managedFields are whole seconds.
            await Eventually.Async(
                async () =>
                {
                    await other.WriteAsync(ocm);
                    await go.WriteAsync(ocm);
                    var release = await ReleaseAsync();
                    var times = release.Json.Items("metadata", "managedFields")
                        .Where(entry => entry.Text("manager") == GoWriter.Name)
                        .ToLookup(entry => entry.Text("operation"), entry => entry.Moment("time"));
                    return release.Text("spec", "values", "level") == "two" && times["Update"].Max() > times["Apply"].Max();
                },
                "the Go provider has written last");
        }

        await World.ConfigureAsync(Leveled(newest));
        var before = await ReleaseAsync();
        World.StartController();
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
            config => config.Condition("Progressing").Text("reason") == "NewRevisionAvailable"
                && config.Json.Number("status", "observedGeneration") == config.Generation
                && config.Json.Number("status", "ocms", "ready") == 1,
            "the newest revision is rolled out");

        var after = await ReleaseAsync();
        Assert.That((after.Text("spec", "values", "level"), after.Generation - before.Generation), Is.EqualTo((newest, changes)));

        Task<KubeObject> ReleaseAsync() => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default);

        static JsonObject Leveled(string level) => new()
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = level },
        };
    }

    [Test]
    public async Task A_change_of_an_OCM_that_the_rollout_has_not_reached_is_carried_out_after_an_error_and_a_restart()
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        using var go = new GoProvider(World) { PullSecret = ProviderWorld.PullSecretName, Values = Values };
        var config = Config();
        config["values"]!["manager"]!["replicas"] = 2;
        config["rollout"] = new JsonObject { ["paused"] = true };
        await World.ConfigureAsync(config);
        var ocm = await go.InstalledAsync();
        World.StartController();
        await World.SeesAsync(ocm, "ReconcileSuccess");
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Deny;
        await World.SeesAsync(ocm, "AccessRequestDenied");

        await World.ApplyOcmAsync(ocm, "0.4.0");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, ocm, default),
            found => found.ReadyCondition.Number("observedGeneration") == found.Generation,
            "the change is reported");
        await World.StopControllerAsync();
        World.StartController();
        World.ClusterProvider.Behaviour = ClusterProviderBehaviour.Grant;

        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm), default),
            source => source.Text("spec", "ref", "tag") == "0.4.0",
            "the version is changed");
        await World.ReadyAsync(ocm);
    }

    private static ObjectKey OnControlPlane(string name) => new(ObjectNames.ToolkitNamespace, name);

    // Beside what is referenced, an installed OCM has a copy of a source that is not.
    private async Task<ObjectKey> TakenOverAsync(GoProvider go)
    {
        await SourceAsync(ProviderWorld.PullSecretName, Manifests.PullSecretType);
        await LeftByGoAsync(go, Former);
        var config = Config();
        config["values"] = go.Values!.DeepClone();
        await World.ConfigureAsync(config);
        return await go.InstalledAsync();
    }

    private async Task LeftByGoAsync(GoProvider go, string name, string type = Manifests.PullSecretType)
    {
        await SourceAsync(name, type);
        await World.NamespaceAsync(World.Mcp, ObjectNames.ToolkitNamespace);
        await go.CopyAsync(isOnControlPlane: true, name, OnControlPlane(name));
    }

    private async Task PrunedAsync(ObjectKey ocm)
    {
        var access = new ObjectKey(ProviderWorld.TenantNamespace(ocm), ObjectNames.AccessRequest(Api, ocm.Name));
        await Eventually.Async(
            async () => await World.Mcp.Api.FindAsync(Kinds.Secret, OnControlPlane(Former)) is null, "the copy is pruned");
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, access, default),
            request => !request.Annotations.ContainsKey(ObjectNames.UnlabelledCopiesAnnotation(Api))
                && request.Labels.ContainsKey(ObjectNames.ProviderLabel(Api)),
            "no copy without labels is left");
    }

    private IEnumerable<AuditEntry> ListsOfSecrets(long mark) => World.Mcp.AuditLog.Since(mark)
        .Where(entry => entry.IsFromProvider() && entry.IsList && entry is { Resource: "secrets", Namespace: ObjectNames.ToolkitNamespace });
}
