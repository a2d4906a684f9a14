using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>What <c>deploy/</c> and our AccessRequest allow, beside what the Worker does in the whole life of an OCM.</summary>
[TestFixtureSource(typeof(ApiGroups), nameof(ApiGroups.All))]
[Category("RealServer")]
[Category("Worker")]
public sealed class PermissionsTests(ProviderApi api)
{
    private static readonly string[] InitVerbs = ["list", "watch", "create", "patch"];
    private static readonly string[] RequestVerbs = ["create", "patch", "delete"];

    private string _podNamespace = "";
    private IReadOnlyList<AuditEntry> _onPlatform = [];
    private IReadOnlyList<AuditEntry> _onOnboarding = [];
    private IReadOnlyList<Permission> _requested = [];

    /// <summary>What is needed in other situations than this test's.</summary>
    private string[] NeededElsewhere =>
    [
        // A CA bundle that the ProviderConfig names.
        "list configmaps", "watch configmaps",

        // More revisions of the ProviderConfig than are kept.
        "delete controllerrevisions",

        // --leader-elect
        "get leases", "watch leases", "create leases", "patch leases",

        // Metrics are served and requested.
        "create tokenreviews", "create subjectaccessreviews",

        // The init command, and another API group that is in use.
        "list providerconfigs", "watch providerconfigs", "patch providerconfigs", "patch providerconfigs/status",
        .. ProviderApi.KnownGroups.SelectMany(group => InitVerbs.Select(verb => $"{verb} customresourcedefinitions providerconfigs.{group}")),
        .. ProviderApi.KnownGroups.SelectMany(group => RequestVerbs.Select(verb => $"{verb} clusterrequests {group}--onboarding-init")),
        .. RequestVerbs.Select(verb => $"{verb} clusterrequests {Other}--onboarding-run"),
        $"delete clusterrequests {api.Group}--onboarding-run",
    ];

    private string Other => api.Others.Single().Group;

    [OneTimeSetUp]
    public async Task LiveOneLife()
    {
        await using var world = await ProviderWorld.OnSharedServersAsync(api);
        _podNamespace = world.PodNamespace;
        var marks = (Platform: world.Platform.AuditLog.Mark(), Onboarding: world.Onboarding.AuditLog.Mark());
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
        });
        await using var worker = world.StartWorker();
        var ocm = await world.ReadyTenantAsync();

        await world.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } });
        await Eventually.Async(
            () => world.Platform.Api.GetAsync(PlatformKinds.HelmRelease, ProviderWorld.FluxKey(ocm), default),
            release => release.Json.At("spec", "suspend") is null,
            "the edit is undone");
        await world.ApplyOcmAsync(ocm, operation: "reconcile");
        await Eventually.Async(
            () => world.Onboarding.Api.GetAsync(api.Ocm, ocm, default),
            found => !found.Annotations.ContainsKey(Operation.Annotation),
            "the annotation is removed");

        // Its Event comes with it. A status that is not written by then waits until the operation is carried out, and for the next interval.
        await Eventually.Async(
            () => world.Platform.Api.GetAsync(api.ProviderConfig, ObjectKey.ClusterScoped(world.ProviderName), default),
            found => found.At("status", "ocms") is not null,
            "the ProviderConfig has a status");
        await world.OperateAsync("reconcile");
        await Eventually.Async(
            () => world.Platform.Api.GetAsync(api.ProviderConfig, ObjectKey.ClusterScoped(world.ProviderName), default),
            found => !found.Annotations.ContainsKey(Operation.Annotation),
            "the annotation is removed from the ProviderConfig");
        await world.DeleteOcmAsync(ocm);
        await world.GoneAsync(ocm);
        await worker.TerminateAsync();

        var request = new ObjectKey(world.PodNamespace, $"{api.Group}--onboarding-run");
        var access = await world.Platform.Api.GetAsync(PlatformKinds.AccessRequest, request, default);
        _requested = [.. Permission.Of(access.Json.Items("spec", "token", "permissions").Single().Items("rules"), ns: null)];
        _onPlatform = await SeenAsync(world, world.Platform, marks.Platform, entry => entry is { Verb: "delete", Resource: "accessrequests" });
        _onOnboarding = await SeenAsync(world, world.Onboarding, marks.Onboarding, entry => entry is { Verb: "create", Resource: "events" });
    }

    [Test]
    public void The_permissions_of_deploy_suffice_for_the_life_of_an_OCM() =>
        Assert.That(_onPlatform.Concat(_onOnboarding).Where(entry => entry.Code == 403), Is.Empty);

    [Test]
    public void No_permission_on_the_platform_is_unused()
    {
        var allowed = DeployedRoles.Of(api).SelectMany(role => Permission.Of(
            KubeObject.From(role).Json.Items("rules"), role["kind"]!.GetValue<string>() == "Role" ? _podNamespace : null));
        Assert.That(Unused(allowed, _onPlatform), Is.EquivalentTo(NeededElsewhere));
    }

    [Test]
    public void No_permission_on_the_onboarding_cluster_is_unused() =>
        Assert.That(Unused(_requested, _onOnboarding), Is.Empty);

    private static IEnumerable<string> Unused(IEnumerable<Permission> allowed, IReadOnlyList<AuditEntry> seen) =>
        allowed.Where(permission => !seen.Any(permission.IsUsedBy)).Select(permission => permission.ToString()).Distinct();

    // The audit log lags behind a little.
    private static Task<List<AuditEntry>> SeenAsync(
        ProviderWorld world, TestCluster cluster, long mark, Func<AuditEntry, bool> isLast) => Eventually.Async(
        () => Task.FromResult(cluster.AuditLog.Since(mark).Where(entry => entry.User == world.User).ToList()),
        seen => seen.Any(isLast),
        $"the audit log of {cluster.Name} has the last request");
}
