using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Tools.Migrate;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Nothing is left behind on a control plane, whenever it answers and whoever writes to it.</summary>
[Category("Sandbox")]
public sealed class MigrationControlPlaneTests() : MigrationFixture(
    () => ProviderWorld.InSandboxAsync(), _ => new ProviderApi(ProviderApi.RenamedGroup), ownsControlPlane: true)
{
    private const int WritesUntilCopied = 6;

    private static readonly TimeSpan NoTime = TimeSpan.FromMilliseconds(1);

    private static readonly ObjectKey Credentials = new(ObjectNames.ToolkitNamespace, "registry");

    [Test]
    public async Task A_deletion_waits_for_a_control_plane_that_does_not_answer_and_then_leaves_no_credentials()
    {
        await InstalledAsync();
        await StopFormerAsync();
        await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(WritesUntilCopied), NoTime));
        World.StartController();
        await World.Onboarding.Api.DeleteAsync(Former.Ocm, Ocm);

        var blocked = (await UnreachableAsync()).Single();

        Assert.That((blocked.State, blocked.Message), Is.EqualTo((
            MigrationState.Blocked, $"Control plane \"{Ocm.Name}\" is unreachable, and objects there must be relabelled: no answer.")));
        await MigrateAsync(new KillSwitch(int.MaxValue), Timeout);
        await World.GoneAsync(Ocm);
        Assert.That(await World.PlacedAsync(), Is.Empty);
        Assert.That(World.Flux.Uninstalled, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_deletion_does_not_wait_for_a_control_plane_whose_ClusterRequest_is_gone()
    {
        await InstalledAsync();
        await StopFormerAsync();
        await Assert.ThrowsAsync<KilledException>(() => MigrateAsync(new KillSwitch(WritesUntilCopied), NoTime));
        await World.Onboarding.Api.DeleteAsync(Former.Ocm, Ocm);
        await World.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(ProviderWorld.TenantNamespace(Ocm), Ocm.Name));

        var plan = (await UnreachableAsync()).Single();

        Assert.That(plan.State, Is.EqualTo(MigrationState.Deleting), plan.Message);
        var copy = await World.Onboarding.Api.GetAsync(Api.Ocm, Ocm, default);
        Assert.That((copy.IsBeingDeleted, MigrationMarks.IsHeld(copy, Api)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task An_object_that_a_reconciliation_of_the_old_group_creates_afterwards_is_relabelled()
    {
        await InstalledAsync();
        await StopFormerAsync();
        var created = await World.Mcp.Api.GetAsync(Kinds.Secret, Credentials, default);
        await World.Mcp.Api.DeleteAsync(Kinds.Secret, Credentials);
        var lists = 0;

        // The first round finds nothing, before it marks the OCM.
        await Migration(new KillSwitch(int.MaxValue), api => new ListedApi(api, async (kind, listAsync) =>
        {
            var page = await listAsync();
            if (kind == Kinds.Secret && lists++ == 0)
            {
                await World.Mcp.Api.ApplyAsync(Kinds.Secret, new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["namespace"] = created.Namespace,
                        ["name"] = created.Name,
                        ["labels"] = JsonNode.Parse(created.At("metadata", "labels")!.Value.GetRawText()),
                    },
                });
            }

            return page;
        })).RunAsync(NoTime, TestContext.Out.WriteLine, default);

        var labels = (await World.Mcp.Api.GetAsync(Kinds.Secret, Credentials, default)).Labels;
        Assert.That(created.Labels[ObjectNames.ManagedByLabel], Is.EqualTo(Former.Group));
        Assert.That(labels[ObjectNames.ManagedByLabel], Is.EqualTo(Api.Group));
        Assert.That(lists, Is.InRange(2, 6));
    }

    private Task<IReadOnlyList<TenantMigration>> UnreachableAsync() => Migration(
        new KillSwitch(int.MaxValue),
        api => new ListedApi(api, (_, _) => throw new KubernetesApiException(0, "Timeout", "no answer.")))
        .RunAsync(NoTime, TestContext.Out.WriteLine, default);
}
