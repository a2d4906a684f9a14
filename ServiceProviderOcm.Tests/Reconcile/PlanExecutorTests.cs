using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Client;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Core.Planning;
using ServiceProviderOcm.Core.Watch;

namespace ServiceProviderOcm.Tests.Reconcile;

public sealed class PlanExecutorTests
{
    [Test]
    public void What_could_not_be_deleted_is_still_there()
    {
        var release = KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = "t", ["name"] = "r", ["uid"] = "u", ["resourceVersion"] = "1" },
        });
        var store = new Store();
        store.Remember(release);
        var cluster = new ScriptedCluster("platform cluster")
        {
            OnDelete = (_, _, _, _) => throw new KubernetesApiException(409, "Conflict", "admission webhook denied the request"),
        };
        var executor = new PlanExecutor(
            new Dictionary<TargetCluster, IKubernetesApi> { [TargetCluster.Platform] = cluster }, (_, _) => store);

        Assert.That(
            async () => await executor.ExecuteAsync(new DeleteStep(TargetCluster.Platform, Kinds.HelmRelease, release), default),
            Throws.InstanceOf<KubernetesApiException>());
        Assert.That(store.Get(release.Key), Is.SameAs(release));
    }
}
