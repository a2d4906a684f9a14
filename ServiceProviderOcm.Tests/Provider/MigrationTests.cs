using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Core.Tools.Migrate;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>OCMs of one API group are moved to the other while controllers of both run, or of one, or of none.</summary>
[Category("Sandbox")]
public sealed class MigrationTests() : MigrationFixture(
    () => ProviderWorld.InSandboxAsync(), _ => new ProviderApi(ProviderApi.RenamedGroup), ownsControlPlane: true)
{
    private const int MostWrites = 20;

    private const int WritesUntilCopied = 6;

    // In a short time, with a poll interval between them.
    private const int MostRounds = 20;

    private static readonly TimeSpan NoTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortTime = TimeSpan.FromMilliseconds(200);

    private static readonly string Relabel = $"patch Secret {ObjectNames.ToolkitNamespace}/registry";

    [Test]
    public async Task A_migration_that_is_killed_after_any_write_is_completed_by_the_next_run([Range(1, MostWrites)] int writes)
    {
        await InstalledAsync();
        World.StartController();

        await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(writes), Timeout));
        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        await AssertMovedAsync(Ocm, Release);
    }

    [Test]
    public async Task A_migration_takes_no_more_writes_than_those_that_are_interrupted_above()
    {
        await InstalledAsync();
        World.StartController();
        var kill = new KillSwitch(int.MaxValue);

        await MigrateAsync(kill, Timeout);

        await AssertMovedAsync(Ocm, Release);
        Assert.That(kill.Writes, Is.EqualTo(MostWrites));
    }

    [Test]
    public async Task A_stopped_controller_finds_everything_copied_and_completes_it_when_it_serves_the_new_group()
    {
        await InstalledAsync();
        await StopFormerAsync();

        var first = await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);
        Assert.That(first.Select(plan => plan.State), Is.All.EqualTo(MigrationState.AwaitingReady));
        Assert.That((await World.Onboarding.Api.GetAsync(Former.Ocm, Ocm, default)).Finalizers, Is.EqualTo([Former.Finalizer]));

        World.StartController();
        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        await AssertMovedAsync(Ocm, Release);
    }

    [Test]
    public async Task A_dry_run_writes_nothing_and_lists_the_steps()
    {
        await InstalledAsync();
        var kill = new KillSwitch(0);

        var plan = (await Migration(kill).CheckAsync(default)).Plans.Single();

        Assert.That(plan.State, Is.EqualTo(MigrationState.Copying));
        Assert.That(plan.Steps.Select(step => $"{step.Cluster}: {step.Description}").First(), Does.StartWith("Platform: patch AccessRequest"));
        Assert.That(kill.Writes, Is.Zero);
    }

    [Test]
    public async Task An_OCM_that_is_deleted_meanwhile_is_uninstalled_once()
    {
        await InstalledAsync();
        await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);
        await World.Onboarding.Api.DeleteAsync(Former.Ocm, Ocm);
        World.StartController();

        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        await World.GoneAsync(Ocm);
        Assert.That(await World.Onboarding.Api.FindAsync(Former.Ocm, Ocm), Is.Null);
        Assert.That(World.Flux.Uninstalled, Has.Count.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_OCM_that_is_deleted_between_two_runs_is_not_created_again(bool isHeld)
    {
        await InstalledAsync();
        await StopFormerAsync();
        if (isHeld)
        {
            // Killed after the copy was created, and before anything says so on the original.
            await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(WritesUntilCopied), NoTime));
            World.StartController();
        }
        else
        {
            await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);
            World.StartController();
            await World.ReadyAsync(Ocm);
        }

        await World.DeleteOcmAsync(Ocm);
        if (!isHeld)
        {
            await World.GoneAsync(Ocm);
        }

        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        Assert.That(await World.Onboarding.Api.FindAsync(Api.Ocm, Ocm), Is.Null);
        Assert.That(await World.Onboarding.Api.FindAsync(Former.Ocm, Ocm), Is.Null);
        Assert.That(World.Flux.Uninstalled, Has.Count.EqualTo(1));
        Assert.That(await World.LeftoversAsync(Ocm), Is.Empty);
    }

    [Test]
    public async Task A_Go_provider_that_adds_its_finalizer_again_delays_the_migration_and_uninstalls_nothing()
    {
        await InstalledAsync();
        await StopFormerAsync();
        World.StartController();
        using var go = new TestKubernetesApi(World.Onboarding, GoWriter.Name);
        GoFinalizerApi? onboarding = null;

        var left = await Migration(new KillSwitch(int.MaxValue), onboarding: api => onboarding = new GoFinalizerApi(api, Former, go)).RunAsync(
            Timeout, message => onboarding!.IsStopped |= message.StartsWith("Waiting to repeat remove finalizer and delete OCM", StringComparison.Ordinal), default);

        Assert.That(left.Select(plan => plan.State), Is.All.EqualTo(MigrationState.Done));
        Assert.That(onboarding!.IsStopped, Is.True);
        await AssertMovedAsync(Ocm, Release);
    }

    [TestCase(ObjectNames.ManagedByLabel, "another-component")]
    [TestCase($"{ProviderApi.RenamedGroup}/provider-name", "another-provider")]
    public async Task An_AccessRequest_of_another_component_is_not_removed(string label, string value)
    {
        HelmValues = null;
        await InstalledAsync();
        await StopFormerAsync();
        var key = new ObjectKey(ProviderWorld.TenantNamespace(Ocm), ObjectNames.AccessRequest(Former, Ocm.Name));
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.AccessRequest,
            key,
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } });
        var before = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        World.StartController();

        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);

        var after = await World.Platform.Api.GetAsync(PlatformKinds.AccessRequest, key, default);
        Assert.That((after.IsBeingDeleted, after.Annotations.Keys), Is.EqualTo((false, before.Annotations.Keys)));
        Assert.That(await World.Onboarding.Api.FindAsync(Former.Ocm, Ocm), Is.Null);
        await World.ReadyAsync(Ocm);
    }

    [Test]
    public async Task Different_ProviderConfigs_are_an_error()
    {
        await InstalledAsync();
        await World.ConfigureAsync(new JsonObject { ["chartURL"] = "r.example.com/other" });

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(new KillSwitch(int.MaxValue), NoTime));

        Assert.That(error!.Message, Does.Contain("different specs"));
    }

    [Test]
    public async Task A_pause_is_an_error_and_nothing_is_copied([Values] bool isCopy)
    {
        await InstalledAsync();
        await StopFormerAsync();
        var api = isCopy ? Api : Former;
        if (isCopy)
        {
            await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);
        }

        var pause = new JsonObject { ["annotations"] = new JsonObject { [Operation.Annotation] = Operation.Ignore } };
        await World.Platform.Api.MergePatchAsync(
            api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), new JsonObject { ["metadata"] = pause });

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(new KillSwitch(0), NoTime));
        var dryRun = await Assert.ThrowsAsync<MigrationException>(() => Migration(new KillSwitch(0)).CheckAsync(default));

        Assert.That(error!.Message, Does.Contain(
            $"kubectl annotate providerconfigs.{api.Group} {World.ProviderName} {Operation.Annotation}-").And.Contains($"{Operation.Annotation}: ignore"));
        Assert.That(dryRun!.Message, Is.EqualTo(error.Message));
    }

    [Test]
    public async Task Init_keeps_the_registration_of_both_groups_until_the_migration_is_complete([Values] bool servesFormer)
    {
        await InstalledAsync();
        await StopFormerAsync();
        await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);

        await InitAsync(servesFormer ? Former : Api);

        Assert.That(await RegisteredAsync(), Is.EquivalentTo([Former.Group, Api.Group]));
        World.StartController();
        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);
        await InitAsync(Api);
        await AssertMovedAsync(Ocm, Release);
    }

    [Test]
    public async Task Init_registers_only_the_served_group_without_a_migration()
    {
        await InstalledAsync();
        await StopFormerAsync();

        await InitAsync(Api);

        Assert.That(await RegisteredAsync(), Is.EqualTo([Api.Group]));
    }

    [Test]
    public async Task A_migration_registers_both_groups_again_if_one_was_removed_meanwhile()
    {
        await InstalledAsync();
        await StopFormerAsync();
        await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(WritesUntilCopied), NoTime));
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.ServiceProvider,
            ObjectKey.ClusterScoped(World.ProviderName),
            new JsonObject
            {
                ["status"] = new JsonObject
                {
                    ["resources"] = new JsonArray(new JsonObject { ["group"] = Api.Group, ["version"] = "v1alpha1", ["kind"] = "OCM" }),
                },
            }.ToElement(),
            "status",
            default);

        await MigrateAsync(new KillSwitch(int.MaxValue), NoTime);

        Assert.That(await RegisteredAsync(), Is.EquivalentTo([Former.Group, Api.Group]));
    }

    [TestCase("ProgressDeadlineExceeded", "is not complete (ProgressDeadlineExceeded)")]
    [TestCase("NewRevisionAvailable", "has not begun")]
    public async Task A_rollout_that_is_not_complete_is_an_error_and_nothing_is_copied(string reason, string said)
    {
        await InstalledAsync();
        await StopFormerAsync();
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["currentRevision"] = "before",
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Progressing",
                    ["status"] = "False",
                    ["reason"] = reason,
                    ["message"] = "stalled",
                    ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
                }),
            },
        };
        await World.Platform.Api.MergePatchAsync(
            Former.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), status.ToElement(), "status", default);

        var error = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(new KillSwitch(int.MaxValue), NoTime));

        Assert.That(error!.Message, Does.Contain(said));
        Assert.That(await World.Onboarding.Api.FindAsync(Api.Ocm, Ocm), Is.Null);
    }

    [Test]
    public async Task A_control_plane_that_accepts_writes_without_effect_is_waited_for_no_longer_than_the_timeout()
    {
        await InstalledAsync();
        await StopFormerAsync();
        var patches = 0;

        var plan = await MigrateAsync((api, kind, key) =>
        {
            patches++;
            return api.GetAsync(kind, key, default);
        });

        Assert.That((plan.State, plan.Message), Is.EqualTo((MigrationState.Copying, $"Waiting for {Relabel} to take effect.")));
        Assert.That(patches, Is.LessThanOrEqualTo(MostRounds));
    }

    [TestCase(404)]
    [TestCase(409)]
    public async Task A_control_plane_that_answers_each_write_with_a_conflict_is_waited_for_no_longer_than_the_timeout(int code)
    {
        await InstalledAsync();
        await StopFormerAsync();
        var patches = 0;

        var plan = await MigrateAsync((_, _, _) =>
        {
            patches++;
            throw new KubernetesApiException(code, "Test", "no");
        });

        Assert.That((plan.State, plan.Message), Is.EqualTo((MigrationState.Copying, $"Waiting to repeat {Relabel}: no.")));
        Assert.That(patches, Is.LessThanOrEqualTo(MostRounds));
    }

    [TestCase(403)]
    [TestCase(500)]
    [TestCase(0)]
    public async Task A_control_plane_that_rejects_writes_blocks_its_OCM_and_no_other(int code)
    {
        await InstalledAsync();
        await StopFormerAsync();
        var other = World.Ocm("mcp-02");
        await World.Onboarding.Api.ApplyAsync(Former.Ocm, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = other.Namespace, ["name"] = other.Name },
            ["spec"] = new JsonObject { ["version"] = "0.3.0" },
        });

        var plan = await MigrateAsync((_, _, _) => throw new KubernetesApiException(code, "Test", "no writes"));

        Assert.That(plan.State, Is.EqualTo(MigrationState.Blocked));
        Assert.That(plan.Message, Does.Contain("\"mcp-01\"").And.Contains(Relabel).And.Contains("no writes"));
        Assert.That(await World.Onboarding.Api.FindAsync(Api.Ocm, other), Is.Not.Null);
    }

    private Task InitAsync(ProviderApi api) => new ServiceProviderStatus(
        World.Platform.Api, World.Identity with { Api = api }, NullLogger<ServiceProviderStatus>.Instance).ReportAsync(default);

    // The control plane answers patches as the test says. Returns what is left of the first OCM.
    private async Task<TenantMigration> MigrateAsync(Func<IKubernetesApi, ResourceKind, ObjectKey, Task<KubeObject>> patchAsync)
    {
        using var stop = new CancellationTokenSource(Timeout, TimeProvider.System);
        var migration = Migration(
            new KillSwitch(int.MaxValue), api => new PatchedApi(api, (kind, key) => patchAsync(api, kind, key)));
        return (await migration.RunAsync(ShortTime, TestContext.Out.WriteLine, stop.Token))[0];
    }

    // The Go provider adds its finalizer on every event.
    private sealed class GoFinalizerApi(IKubernetesApi api, ProviderApi former, TestKubernetesApi go) : DelegatingApi(api)
    {
        public bool IsStopped { get; set; }

        public override async Task<KubeObject> MergePatchAsync(
            ResourceKind kind, ObjectKey key, JsonElement patch, string? subresource, CancellationToken cancellationToken)
        {
            var patched = await base.MergePatchAsync(kind, key, patch, subresource, cancellationToken);
            if (!IsStopped && kind == former.Ocm && !patched.Finalizers.Contains(former.Finalizer))
            {
                var finalizers = new JsonObject { ["finalizers"] = new JsonArray(former.Finalizer) };
                await go.MergePatchAsync(
                    kind, key, new JsonObject { ["metadata"] = finalizers }.ToElement(), subresource: null, cancellationToken);
            }

            return patched;
        }
    }
}
