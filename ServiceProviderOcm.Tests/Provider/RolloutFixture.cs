using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Four OCMs, and a ProviderConfig to change.</summary>
/// <param name="create">Makes the world of a test.</param>
public abstract class RolloutFixture(Func<Task<ProviderWorld>> create) : WorldFixture(create)
{
    protected const string Stalled = "ProgressDeadlineExceeded";

    /// <summary>It is one for a rollout with canaries.</summary>
    protected const string Canary = "mcp-03";

    protected static readonly string[] Names = ["mcp-01", "mcp-02", "mcp-03", "mcp-04"];

    [SetUp]
    public async Task Start()
    {
        World.Flux.StallsOn = release => release.Text("spec", "values", "level") == "bad";
        await ConfigureAsync("one");
        World.StartController();

        // Before the other namespaces, so that the controller has seen the label when it has seen those.
        await World.ControlPlaneAsync(World.Ocm(Canary));
        await StageAsync(Canary, "canary");
        foreach (var name in Names)
        {
            await World.ReadyTenantAsync(name);
        }

        await SeesAsync(config => config.Json.Number("status", "ocms", "updated") == Names.Length, "all are updated");
    }

    protected async Task ConfigureAsync(
        string level,
        bool withCanary = false,
        JsonObject? rollout = null,
        string? chartUrl = null,
        int? historyLimit = null,
        string? pullSecret = null,
        JsonNode? access = null)
    {
        var spec = new JsonObject
        {
            ["chartURL"] = chartUrl ?? "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = new JsonObject { ["level"] = level },
            ["rollout"] = rollout ?? [],
        };
        if (withCanary)
        {
            spec["rollout"]!["canary"] = JsonNode.Parse("""{ "selector": { "matchLabels": { "stage": "canary" } } }""");
        }

        if (pullSecret is not null)
        {
            spec["imagePullSecret"] = new JsonObject { ["name"] = pullSecret };
        }

        if (access is not null)
        {
            spec["access"] = access;
        }

        if (historyLimit is { } limit)
        {
            spec["revisionHistoryLimit"] = limit;
        }

        await World.ConfigureAsync(spec);
    }

    protected async Task<KubeObject> SeesAsync(Predicate<KubeObject> condition, string what) => await Eventually.Async(
        () => World.Platform.Api.GetAsync(Api.ProviderConfig, ObjectKey.ClusterScoped(World.ProviderName), default),
        config => condition(config),
        what);

    protected static string? Progressing(KubeObject config) =>
        config.Json.Number("status", "observedGeneration") == config.Generation ? config.Condition("Progressing").Text("reason") : null;

    protected static long? Count(KubeObject config, string field) => config.Json.Number("status", "ocms", field);

    protected Task StageAsync(string name, string? stage) => World.Platform.Api.MergePatchAsync(
        Kinds.Namespace,
        ObjectKey.ClusterScoped(ProviderWorld.TenantNamespace(World.Ocm(name))),
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["stage"] = stage } } });

    protected async Task<IReadOnlyList<string?>> LevelsAsync(params string[] names)
    {
        List<string?> levels = [];
        foreach (var name in names.Length == 0 ? Names : names)
        {
            levels.Add((await World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, FluxKey(name), default)).Text("spec", "values", "level"));
        }

        return levels;
    }

    protected async Task<IReadOnlyList<string?>> RevisionsAsync()
    {
        List<string?> revisions = [];
        foreach (var name in Names)
        {
            foreach (var kind in (ResourceKind[])[PlatformKinds.OciRepository, PlatformKinds.HelmRelease])
            {
                revisions.Add((await World.Platform.Api.GetAsync(kind, FluxKey(name), default)).Labels.GetValueOrDefault(ObjectNames.RevisionLabel(Api)));
            }
        }

        return revisions;
    }

    protected async Task DriftAsync(string name)
    {
        await World.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, FluxKey(name), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.Async(
            () => World.Platform.Api.GetAsync(PlatformKinds.HelmRelease, FluxKey(name), default),
            release => release.Json.At("spec", "suspend") is null,
            "drift is reverted");
    }

    protected async Task RestartAsync()
    {
        await World.StopControllerAsync();
        World.StartController();
    }

    // As objects of an earlier version of the provider.
    protected async Task RemoveLabelsAsync()
    {
        foreach (var name in Names)
        {
            foreach (var kind in (ResourceKind[])[PlatformKinds.OciRepository, PlatformKinds.HelmRelease])
            {
                await World.Platform.Api.MergePatchAsync(kind, FluxKey(name), new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = new JsonObject { [ObjectNames.RevisionLabel(Api)] = null },
                        ["annotations"] = new JsonObject { [ObjectNames.UpdatedAtAnnotation(Api)] = null },
                    },
                });
            }
        }
    }

    // Everything that has happened is reconciled when a later change is.
    protected async Task Settle()
    {
        foreach (var name in (string[])["mcp-04", "mcp-02"])
        {
            await ReapplyAsync(name);
        }
    }

    protected async Task ReapplyAsync(string name)
    {
        await World.ApplyOcmAsync(World.Ocm(name), operation: "reconcile");
        await Eventually.Async(
            () => World.Onboarding.Api.GetAsync(Api.Ocm, World.Ocm(name), default),
            found => !found.Annotations.ContainsKey(Operation.Annotation),
            "the annotation is removed");
    }

    protected ObjectKey FluxKey(string name) => ProviderWorld.FluxKey(World.Ocm(name));

    protected IEnumerable<AuditEntry> FluxWrites(long mark) => World.Platform.AuditLog.Since(mark).Where(entry =>
        entry.IsProviderWrite()
        && (entry.Resource is "helmreleases" or "ocirepositories")
        && Names.Any(name => entry.Namespace == ProviderWorld.TenantNamespace(World.Ocm(name))));

    protected Task EventAsync(string reason) => Eventually.Async(
        async () => (await World.Platform.Api.ListAllAsync(Kinds.Event)).Any(item =>
            item.Namespace is "default" or "kube-system"
            && item.Json.Text("regarding", "name") == World.ProviderName
            && item.Json.Text("reason") == reason),
        $"there is an Event {reason}");
}
