using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>The reference scenarios.</summary>
internal static class Scenarios
{
    public static readonly Scenario Install = new("install", [], [Create]);

    public static readonly Scenario Upgrade = new("upgrade", [Create], [world => world.ApplyOcmAsync("0.5.0")]);

    public static readonly Scenario RotatedSecret = new("rotated secret", [Create], [world => world.PullSecretAsync("second")]);

    public static readonly Scenario ChangedProviderConfig = new(
        "changed ProviderConfig",
        [Create],
        [
            world => world.ConfigureAsync(new JsonObject
            {
                ["chartURL"] = "registry.example.com/charts/other",
                ["pollInterval"] = "1h",
                ["imagePullSecret"] = new JsonObject { ["name"] = FaultWorld.PullSecret },
                ["values"] = new JsonObject { ["replicas"] = 2 },
            }),
        ]);

    public static readonly Scenario Deletion = new("deletion", [Create], [world => world.DeleteOcmAsync()]);

    public static readonly Scenario BlockedDeletion = new(
        "deletion with users' objects",
        [Create, CreateRepository],
        [
            world => world.DeleteOcmAsync(),
            world => world.ControlPlane.Api.DeleteAsync(PlatformKinds.Repository, FaultWorld.Repository),
        ]);

    public static readonly Scenario ControlPlaneGone = new(
        "control plane gone",
        [Create],
        [
            world =>
            {
                world.ControlPlane.Link.Sever();
                return world.DeleteOcmAsync();
            },
            world => world.Platform.Api.DeleteAsync(PlatformKinds.ClusterRequest, new ObjectKey(world.TenantNamespace, world.Ocm.Name)),
        ]);

    public static readonly Scenario Recreation = new("recreation", [Create], [world => world.DeleteOcmAsync(), Create]);

    public static readonly Scenario Restart = new("restart", [Create], [RestartAsync]);

    public static readonly Scenario PagedLists = new(
        "restart and upgrade with paged lists", [Create], [RestartAsync, world => world.ApplyOcmAsync("0.5.0")])
    {
        HasWatchList = false,
    };

    public static IReadOnlyList<Scenario> All { get; } =
        [Install, Upgrade, RotatedSecret, ChangedProviderConfig, Deletion, BlockedDeletion, ControlPlaneGone, Recreation, Restart, PagedLists];

    private static Task Create(FaultWorld world) => world.ApplyOcmAsync("0.3.0");

    // While it is idle. Another process starts when the step goes on.
    private static Task RestartAsync(FaultWorld world)
    {
        world.Process.Die();
        return Task.CompletedTask;
    }

    private static Task CreateRepository(FaultWorld world) => world.ControlPlane.Api.ApplyAsync(PlatformKinds.Repository, new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = FaultWorld.Repository.Namespace, ["name"] = FaultWorld.Repository.Name },
        ["spec"] = new JsonObject
        {
            ["interval"] = "1m",
            ["repositorySpec"] = new JsonObject { ["type"] = "OCIRegistry", ["baseUrl"] = "r.example.com" },
        },
    });
}
