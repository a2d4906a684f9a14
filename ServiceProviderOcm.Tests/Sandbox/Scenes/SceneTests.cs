using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Scenes;
using ServiceProviderOcm.Sandbox.Demo.Setup;
using ServiceProviderOcm.Sandbox.Demo.View;
using ServiceProviderOcm.Tests.Faults;

namespace ServiceProviderOcm.Tests.Sandbox.Scenes;

/// <summary>The scenes of the sandbox, with the real controller, servers without a network, and a clock that is advanced.</summary>
[Category("Sandbox")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SceneTests : IAsyncDisposable
{
    private static readonly ObjectKey First = Samples.Ocms[0].Key;

    private readonly StringWriter _output = new();
    private FaultWorld? _world;

    private FaultWorld World => _world!;

    private string Output => _output.ToString();

    [SetUp]
    public async Task Start()
    {
        _world = await FaultWorld.CreateAsync(new Trace(null));
        World.Flux.StallsOn = RejectedValues.AreIn;
        World.Flux.StallMessage = RejectedValues.Message;
        var setup = new PlatformSetup(Clusters, World.Identity.Api, World.Time);
        await setup.ConfigureAsync(default);
        await setup.AddTenantsAsync(default);
        await World.StartAsync();
        await World.SettleAsync(() => AreReady);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        await _output.DisposeAsync();
    }

    [Test]
    public async Task Install_a_new_tenant_waits_for_its_control_plane_becomes_Ready_and_upgrades()
    {
        await PlayAsync("install", changed: []);

        Assert.That(Output, Does.Contain("TenantNamespaceMissing"));
        Assert.That(VersionOf(Samples.Ocm.Key), Does.StartWith("0.4.0+"));
    }

    [Test]
    public async Task Rotate_secret_all_copies_have_the_new_content_and_nothing_else_is_written()
    {
        await PlayAsync("rotate-secret", changed: [Kinds.Secret.QualifiedPlural]);

        var source = Data(Samples.PullSecret.Key);
        Assert.That(source, Is.Not.EqualTo(KubeObject.From(EmbeddedFiles.Read("samples/pull-secret.yaml").Single()).Text("data", ".dockerconfigjson")));
        foreach (var ocm in Samples.Ocms)
        {
            Assert.That(Data(new ObjectKey(Stage.TenantNamespace(ocm.Key), "sp-ocm-registry-credentials")), Is.EqualTo(source));
        }

        string? Data(ObjectKey secret) => World.Platform.Find(Kinds.Secret, secret)?.Text("data", ".dockerconfigjson");
    }

    [Test]
    public async Task Break_Flux_an_upgrade_waits_for_Flux_and_continues_with_it()
    {
        await PlayAsync("break-flux", changed: [], except: First);

        Assert.That(Output, Does.Match($"{First} +OCM +Progressing +OCIRepositoryNotReady"));
        Assert.That(VersionOf(First), Does.StartWith("0.5.0+"));
    }

    [Test]
    public async Task Block_deletion_the_toolkit_stays_until_the_user_has_deleted_the_Repository()
    {
        await PlayAsync("block-deletion", changed: [], except: First);

        Assert.That(Output, Does.Match($"(?s){First} +OCM +Terminating +RepositoriesExist.*{First} +HelmRelease +Gone.*{First} +OCM +Gone"));
        Assert.That(Output.Split("RepositoriesExist")[0], Does.Not.Contain("Deleting"));
    }

    [Test]
    public async Task Bad_value_stalls_at_the_canary_and_is_reverted()
    {
        var before = VersionOf(First);

        await PlayAsync("bad-value", changed: [], except: First);

        Assert.That(Output, Does.Match($"(?s)Stalled +ProgressDeadlineExceeded: .*1 of 3 OCMs are updated.*{First}.*RolledOut +NewRevisionAvailable"));
        Assert.That(Output, Does.Contain("spec.replicas: Invalid value: -1"));
        var release = Release(First);
        Assert.That(release.At("spec", "values", "manager", "replicas"), Is.Null);
        Assert.That(VersionOf(First), Is.EqualTo(before));
        Assert.That(
            release.Labels[$"{World.Identity.Api.Group}/revision"], Is.EqualTo(Release(Samples.Ocms[1].Key).Labels[$"{World.Identity.Api.Group}/revision"]));
    }

    private bool AreReady => Samples.Ocms.All(ocm =>
        World.Onboarding.Find(World.Identity.Api.Ocm, ocm.Key)!.ReadyCondition.Text("status") == "True");

    private ClusterApis Clusters => new(World.Platform.Api, World.Onboarding.Api, World.ControlPlane.Api);

    private KubeObject Release(ObjectKey ocm) =>
        World.Platform.Find(PlatformKinds.HelmRelease, new ObjectKey(Stage.TenantNamespace(ocm), ObjectNames.Flux))!;

    private string? VersionOf(ObjectKey ocm) => Release(ocm).Json.Items("status", "history").First().Text("chartVersion");

    // Plays a scene to its end, at which all OCMs are Ready. No object of the tenants has another resourceVersion then, but those of the
    // kinds that change, and of the tenant that the scene is about.
    private async Task PlayAsync(string name, string[] changed, ObjectKey? except = null)
    {
        var before = ObjectsOfTenants(changed, except);
        Assert.That(before, Is.Not.Empty);
        using var watch = new PlatformStatusWatch(World.Onboarding.Api, World.Platform.Api, World.Identity.Api, World.Time);

        var (start, end) = (TimeSpan.Zero, TimeSpan.Zero);

        await World.AdvanceUntilAsync(PlayAsync());

        TestContext.Out.WriteLine($"{name}: {(end - start).TotalSeconds} s on the screen");
        Assert.That(end - start, Is.InRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)), "the time on the screen");
        await World.SettleAsync();
        var after = ObjectsOfTenants(changed, except);
        Assert.That(after, Is.EquivalentTo(before));
        foreach (var ocm in World.Onboarding.Server.State.Objects[World.Identity.Api.Ocm.QualifiedPlural].Values)
        {
            Assert.That(new KubeObject(ocm).ReadyCondition.Text("status"), Is.EqualTo("True"));
        }

        async Task PlayAsync()
        {
            var view = new PlainView(_output);
            await view.ShowAsync(watch, status => status.Ocms.Count(ocm => ocm.IsReady) == Samples.Ocms.Count, isLast: false, default);
            start = World.Time.Now;
            await Scene.All.Single(scene => scene.Name == name).PlayAsync(new Stage(
                Clusters, World.Identity.Api, World.Flux, watch, view, World.Time, Stage.ReadingTime, default));
            end = World.Time.Now;
        }
    }

    private List<string> ObjectsOfTenants(string[] changed, ObjectKey? except)
    {
        var tenants = Samples.Ocms.Select(ocm => ocm.Key).Where(ocm => ocm != except).ToList();
        var namespaces = tenants.Select(Stage.TenantNamespace).ToHashSet();
        return
        [
            .. from cluster in World.Clusters
               from kind in cluster.Server.State.Objects
               where !changed.Contains(kind.Key) && !kind.Key.StartsWith("events", StringComparison.Ordinal)
               from stored in kind.Value
               where namespaces.Contains(stored.Key.Namespace)
                   || namespaces.Contains(stored.Key.Name)
                   || tenants.Contains(new ObjectKey(stored.Key.Namespace, stored.Key.Name))
               select $"{cluster.Name} {kind.Key} {stored.Key.Namespace}/{stored.Key.Name} {Version(stored.Value)}",
        ];

        static string? Version(JsonElement stored) => stored.Text("metadata", "resourceVersion");
    }
}
