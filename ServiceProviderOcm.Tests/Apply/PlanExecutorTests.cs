using System.Text.Json;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Apply;

public sealed class PlanExecutorTests
{
    private static readonly ObjectKey Ocm = new("project", "mcp");
    private static readonly ObjectKey Key = new("ns", "a");

    private readonly Mock<IKubernetesApi> _platform = new(MockBehavior.Strict);
    private readonly Store _store = new();

    private PlanExecutor Executor => new((_, _) => new StepTarget(_platform.Object, _store));

    [SetUp]
    public void Reset()
    {
        _platform.Reset();
        _store.Replace([], "0");
    }

    [Test]
    public async Task An_applied_object_is_in_the_store_before_the_watch_delivers_it()
    {
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, It.IsAny<KubeObject>(), true, default)).ReturnsAsync(Its(5));

        Assert.That(await Executor.ExecuteAsync(Ocm, new ApplyStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(0)), default), Is.True);
        Assert.That(_store.Get(Key)!.ResourceVersion, Is.EqualTo("5"));
        Assert.That(
            await Executor.ExecuteAsync(Ocm, new ApplyStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(0)), default),
            Is.False,
            "the same resourceVersion again: the server found nothing to change");
    }

    [Test]
    public async Task An_object_without_finalizers_is_deleted_by_its_uid_and_leaves_the_store()
    {
        _store.Replace([Its(3)], "3");
        _platform.Setup(api => api.DeleteAsync(Kinds.Secret, Key, new DeleteRequest("uid", null, "Background"), default))
            .ReturnsAsync((KubeObject?)null);

        Assert.That(await Executor.ExecuteAsync(Ocm, new DeleteStep(TargetCluster.Platform, Kinds.Secret, Its(3)), default), Is.True);
        Assert.That(_store.Get(Key), Is.Null);
    }

    [Test]
    public async Task Deleting_an_object_that_is_gone_succeeds()
    {
        _store.Replace([Its(3)], "3");
        _platform.Setup(api => api.DeleteAsync(Kinds.Secret, Key, It.IsAny<DeleteRequest>(), default))
            .ThrowsAsync(new KubernetesApiException(404, "NotFound", "no"));

        await Executor.ExecuteAsync(Ocm, new DeleteStep(TargetCluster.Platform, Kinds.Secret, Its(3)), default);
        Assert.That(_store.Get(Key), Is.Null);
    }

    [Test]
    public async Task An_object_whose_deletion_failed_stays_in_the_store()
    {
        _store.Replace([Its(3)], "3");
        _platform.Setup(api => api.DeleteAsync(Kinds.Secret, Key, It.IsAny<DeleteRequest>(), default))
            .ThrowsAsync(new KubernetesApiException(409, "Conflict", "admission webhook denied the request"));

        await Assert.ThrowsAsync<KubernetesApiException>(
            () => Executor.ExecuteAsync(Ocm, new DeleteStep(TargetCluster.Platform, Kinds.Secret, Its(3)), default));
        Assert.That(_store.Get(Key), Is.Not.Null);
    }

    [Test]
    public async Task A_field_that_the_server_sets_again_is_learned_as_a_default()
    {
        var executor = Executor;
        _platform.Setup(api => api.MergePatchAsync(PlatformKinds.HelmRelease, Key, It.IsAny<JsonElement>(), null, default))
            .ReturnsAsync(KubeObject.Parse("""{ "metadata": { "namespace": "ns", "name": "a" }, "spec": { "timeout": "60s" } }"""));

        var patch = JsonElement.Parse("""{ "spec": { "timeout": null, "suspend": null } }""");
        await executor.ExecuteAsync(Ocm, new PatchStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Key, patch), default);
        Assert.That(executor.ServerDefaults, Is.EqualTo(["HelmRelease.spec.timeout=\"60s\""]));
    }

    private static KubeObject Its(int version) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "ns", "name": "a", "uid": "uid", "resourceVersion": "{{version}}" } }""");
}
