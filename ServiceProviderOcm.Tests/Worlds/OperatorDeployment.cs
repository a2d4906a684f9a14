using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// The provider as openmcp-operator deploys it from a ServiceProvider: on every change of the spec, first <c>init</c> in a new Job, then a
/// rolling update of a Deployment with <c>run</c>. The pods are processes.
/// </summary>
/// <param name="world">The clusters.</param>
/// <param name="user">Whom the pods act as on the platform cluster.</param>
public abstract class OperatorDeployment(ProviderWorld world, string user) : IAsyncDisposable
{
    /// <summary>The processes.</summary>
    public ProviderPods Pods { get; } = new(world, user);

    /// <summary>The ServiceProvider.</summary>
    public ObjectKey Key => ObjectKey.ClusterScoped(world.ProviderName);

    protected ProviderWorld World => world;

    /// <summary>Applies a spec, and waits for what follows; after a failed <c>init</c>, nothing does.</summary>
    /// <param name="spec">The whole spec; a field that it does not have is removed.</param>
    public async Task<OperatorUpdate> ApplyAsync(JsonObject spec)
    {
        var provider = await world.Platform.Api.ApplyAsync(PlatformKinds.ServiceProvider, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Key.Name },
            ["spec"] = spec.DeepClone(),
        });
        var job = await JobAsync(provider);
        var init = Pods.Run(job);
        var initCode = await init.EndAsync();
        if (initCode != 0)
        {
            return new OperatorUpdate(initCode, init, []);
        }

        var deployment = await DeploymentAsync(provider, job);
        var ended = await Pods.RollAsync(deployment);
        await ReadyAsync(provider, deployment);
        return new OperatorUpdate(initCode, init, ended);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Pods.DisposeAsync();
    }

    /// <summary>The Job for this generation.</summary>
    protected abstract Task<KubeObject> JobAsync(KubeObject provider);

    /// <summary>The Deployment for this generation, after the Job has completed.</summary>
    protected abstract Task<KubeObject> DeploymentAsync(KubeObject provider, KubeObject job);

    /// <summary>Reports the ServiceProvider as Ready, after the Deployment is available.</summary>
    protected abstract Task ReadyAsync(KubeObject provider, KubeObject deployment);
}
