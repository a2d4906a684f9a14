using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

public sealed class ClusterProviderStandInTests()
    : StandInFixture<ClusterProviderStandIn>(ClusterProviderStandIn.Name, "clusterrequests", "accessrequests")
{
    private static readonly ObjectKey Key = new("default", "tenant");

    private volatile string _kubeconfig = "first";

    protected override ClusterProviderStandIn Create(IKubernetesApi api) => new(api, Pace.AtOnce, _ => Task.FromResult(_kubeconfig));

    [Test]
    public async Task The_cluster_provider_grants_a_cluster_and_access_to_it()
    {
        await RequestAccessAsync();
        await RequestClusterAsync();

        await PhaseAsync(PlatformKinds.ClusterRequest, "Granted");
        var access = await PhaseAsync(PlatformKinds.AccessRequest, "Granted");
        Assert.That(access.Json.Text("status", "secretRef", "name"), Is.EqualTo("tenant.kubeconfig"));
        Assert.That(access.Finalizers, Has.Member(ClusterProviderStandIn.Finalizer));
        Assert.That(await KubeconfigAsync(), Is.EqualTo("first"));
    }

    [Test]
    public async Task The_cluster_provider_reconciles_a_new_generation()
    {
        await RequestClusterAsync();
        await RequestAccessAsync();
        await PhaseAsync(PlatformKinds.AccessRequest, "Granted");

        await RequestAccessAsync(ttl: "1h");

        var access = await PhaseAsync(PlatformKinds.AccessRequest, "Granted");
        Assert.That(access.Generation, Is.EqualTo(2));
    }

    [Test]
    public async Task The_cluster_provider_renews_kubeconfigs_in_their_Secret()
    {
        await RequestClusterAsync();
        await RequestAccessAsync();
        await PhaseAsync(PlatformKinds.AccessRequest, "Granted");

        _kubeconfig = "second";

        // The stand-in itself sees later that it has granted the request.
        await Eventually.Async(
            async () =>
            {
                await StandIn.RenewAsync();
                return await KubeconfigAsync() == "second";
            },
            "the Secret has the second kubeconfig");
    }

    [Test]
    public async Task The_cluster_provider_denies_until_its_behaviour_changes()
    {
        StandIn.Behaviour = ClusterProviderBehaviour.Deny;
        await RequestClusterAsync();
        await PhaseAsync(PlatformKinds.ClusterRequest, "Denied");

        StandIn.Behaviour = ClusterProviderBehaviour.Grant;

        await PhaseAsync(PlatformKinds.ClusterRequest, "Granted");
    }

    [Test]
    public async Task The_cluster_provider_deletes_the_kubeconfig_with_the_AccessRequest()
    {
        await RequestClusterAsync();
        await RequestAccessAsync();
        await PhaseAsync(PlatformKinds.AccessRequest, "Granted");

        await Platform.Api.DeleteAsync(PlatformKinds.AccessRequest, Key);

        await Eventually.Async(async () => await Platform.Api.FindAsync(PlatformKinds.AccessRequest, Key) is null, "the request is gone");
        Assert.That(await Platform.Api.FindAsync(Kinds.Secret, ClusterProviderStandIn.SecretOf(Key)), Is.Null);
    }

    [Test]
    public async Task The_cluster_provider_survives_a_restart_of_its_server()
    {
        await Platform.StopAsync();
        await Platform.StartAsync(CancellationToken.None);

        await RequestClusterAsync();

        await PhaseAsync(PlatformKinds.ClusterRequest, "Granted");
    }

    private Task<KubeObject> PhaseAsync(ResourceKind kind, string phase) => Eventually.Async(
        () => Platform.Api.GetAsync(kind, Key, CancellationToken.None),
        request => request.Json.Text("status", "phase") == phase
            && request.Json.Number("status", "observedGeneration") == request.Generation,
        $"{kind} {Key} is {phase}");

    private async Task<string> KubeconfigAsync()
    {
        var secret = await Platform.Api.GetAsync(Kinds.Secret, ClusterProviderStandIn.SecretOf(Key), CancellationToken.None);
        return Encoding.UTF8.GetString(Convert.FromBase64String(secret.Json.Text("data", "kubeconfig")!));
    }

    private Task<KubeObject> RequestClusterAsync() => Platform.Api.ApplyAsync(
        PlatformKinds.ClusterRequest, new JsonObject { ["metadata"] = Metadata(), ["spec"] = new JsonObject { ["purpose"] = "mcp" } });

    private Task<KubeObject> RequestAccessAsync(string ttl = "2h") => Platform.Api.ApplyAsync(PlatformKinds.AccessRequest, new JsonObject
    {
        ["metadata"] = Metadata(),
        ["spec"] = new JsonObject
        {
            ["requestRef"] = new JsonObject { ["namespace"] = Key.Namespace, ["name"] = Key.Name },
            ["ttl"] = ttl,
        },
    });

    private static JsonObject Metadata() => new() { ["namespace"] = Key.Namespace, ["name"] = Key.Name };
}
