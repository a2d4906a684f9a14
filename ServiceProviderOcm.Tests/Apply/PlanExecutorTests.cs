using System.Text.Json;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Apply;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Apply;

public sealed class PlanExecutorTests
{
    private static readonly ObjectKey Ocm = new("project", "mcp");
    private static readonly ObjectKey Key = new("ns", "a");

    private readonly Mock<IKubernetesApi> _platform = new(MockBehavior.Strict);
    private Store _store = new();

    private PlanExecutor Executor => new((_, _) => new StepTarget(_platform.Object, _store));

    [SetUp]
    public void Reset()
    {
        _platform.Reset();
        _store = new Store();
    }

    [Test]
    public async Task An_applied_object_is_in_the_store_before_the_watch_delivers_it()
    {
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, It.IsAny<KubeObject>(), true, default)).ReturnsAsync(Its(5));

        Assert.That(await Executor.ExecuteAsync(Ocm, new ApplyStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(0), new ApplyTarget.Observed("uid")), default), Is.True);
        Assert.That(_store.Get(Key)!.ResourceVersion, Is.EqualTo("5"));
        Assert.That(
            await Executor.ExecuteAsync(Ocm, new ApplyStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(0), new ApplyTarget.Observed("uid")), default),
            Is.False,
            "the same resourceVersion again: the server found nothing to change");
    }

    [Test]
    public async Task An_observed_object_is_applied_by_its_uid_and_a_new_one_at_a_version_that_no_object_has()
    {
        List<KubeObject> sent = [];
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, Capture.In(sent), true, default)).ReturnsAsync(Its(5));

        await Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Observed("its-uid")), default);
        await Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Missing()), default);

        Assert.That(
            sent.Select(manifest => (manifest.Uid, manifest.ResourceVersion)), Is.EqualTo([("its-uid", ""), ("", "1")]));
    }

    [TestCase("""{ "labels": { "openmcp.cloud/managed-by": "group", "app.kubernetes.io/managed-by": "us" } }""", false, true)]
    [TestCase("""{ "labels": { "openmcp.cloud/managed-by": "group", "app.kubernetes.io/managed-by": "others" } }""", false, false)]
    [TestCase("""{ "labels": { "app.kubernetes.io/managed-by": "us" } }""", false, false)]
    [TestCase("{}", false, false)]
    [TestCase("{}", true, true, TestName = "{m}(written by the provider or the Go provider)")]
    [TestCase("""{ "labels": { "openmcp.cloud/managed-by": "other-group" } }""", true, false, TestName = "{m}(by the provider of another group)")]
    public async Task An_object_that_exists_unseen_is_adopted_if_it_is_managed_and_otherwise_left_alone(
        string metadata, bool isWrittenByProvider, bool isAdopted)
    {
        List<KubeObject> sent = [];
        var there = Its(6).Patched($$"""{ "metadata": {{metadata}} }""").Patched("""{ "metadata": { "uid": "their-uid" } }""")
            .OwnedAs(FieldOwnership.None with { IsWrittenByProvider = isWrittenByProvider });
        _platform.Setup(api => api.ListAsync(PlatformKinds.HelmRelease, It.Is<ListRequest>(request => IsForA(request)), default))
            .ReturnsAsync(new ListPage([there], "7", null));
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, Capture.In(sent), true, default)).Returns(
            (ResourceKind _, KubeObject manifest, bool _, CancellationToken _) => manifest.Uid.Length == 0
                ? Task.FromException<KubeObject>(new KubernetesApiException(409, "Conflict", "the object has been modified"))
                : Task.FromResult(Its(8)));

        var execution = Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Missing()), default);

        if (isAdopted)
        {
            Assert.That(await execution, Is.True);
            Assert.That(sent[^1].Uid, Is.EqualTo("their-uid"));
        }
        else
        {
            var error = await Assert.ThrowsAsync<KubernetesApiException>(() => execution);
            Assert.That((error!.IsAlreadyExists, sent.Count), Is.EqualTo((true, 1)));
        }
    }

    [Test]
    public async Task An_object_that_managed_ones_have_no_labels_of_is_left_alone_if_it_exists()
    {
        var kind = An.Identity.Api.Ocm;
        List<KubeObject> sent = [];
        _platform.Setup(api => api.ListAsync(kind, It.IsAny<ListRequest>(), default)).ReturnsAsync(
            new ListPage([Its(6).OwnedAs(FieldOwnership.None with { IsWrittenByProvider = true })], "7", null));
        _platform.Setup(api => api.ApplyAsync(kind, Capture.In(sent), true, default))
            .ThrowsAsync(new KubernetesApiException(409, "Conflict", "the object has been modified"));

        var step = new ApplyStep(TargetCluster.Onboarding, kind, Its(0), new ApplyTarget.Missing());
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => Executor.ExecuteAsync(Ocm, step, default));

        Assert.That((error!.IsAlreadyExists, sent.Count), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task A_creation_fails_if_the_object_that_is_in_the_way_is_gone_when_it_is_looked_up()
    {
        _platform.Setup(api => api.ListAsync(PlatformKinds.HelmRelease, It.IsAny<ListRequest>(), default)).ReturnsAsync(new ListPage([], "7", null));
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, It.IsAny<KubeObject>(), true, default))
            .ThrowsAsync(new KubernetesApiException(409, "Conflict", "the object has been modified"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Missing()), default));

        Assert.That((error!.IsConflict, error.IsAlreadyExists), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task A_common_object_is_applied_as_it_is_and_without_force()
    {
        List<KubeObject> sent = [];
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, Capture.In(sent), false, default)).ReturnsAsync(Its(5));

        await Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Common()), default);

        Assert.That((sent[0].Uid, sent[0].ResourceVersion), Is.EqualTo(("", "")));
    }

    [Test]
    public async Task An_object_is_patched_by_its_uid()
    {
        List<JsonElement> sent = [];
        _platform.Setup(api => api.MergePatchAsync(PlatformKinds.HelmRelease, Key, Capture.In(sent), null, default)).ReturnsAsync(Its(5));

        await Executor.ExecuteAsync(
            Ocm, new PatchStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(3), JsonElement.Parse("""{ "metadata": { "x": 1 } }""")), default);

        Assert.That(sent.Single().GetRawText(), Is.EqualTo("""{"metadata":{"x":1,"uid":"uid"}}"""));
    }

    [Test]
    public async Task An_object_without_finalizers_is_deleted_by_its_uid_and_leaves_the_store()
    {
        _store.Replace([Its(3)], "3");
        _platform.Setup(api => api.DeleteAsync(Kinds.Secret, Key, new DeleteRequest("uid"), default))
            .ReturnsAsync((KubeObject?)null);

        Assert.That(await Executor.ExecuteAsync(Ocm, new DeleteStep(TargetCluster.Platform, Kinds.Secret, Its(3)), default), Is.True);
        Assert.That(_store.Get(Key), Is.Null);
    }

    [TestCase(false, "3")]
    [TestCase(true, "4")]
    public async Task Only_the_observed_version_is_deleted_or_the_one_that_a_patch_before_returns(bool isPatched, string version)
    {
        var patch = new PatchStep(TargetCluster.Platform, Kinds.Secret, Its(3), JsonElement.Parse("""{ "metadata": { "finalizers": [] } }"""));
        _platform.Setup(api => api.MergePatchAsync(Kinds.Secret, Key, It.IsAny<JsonElement>(), null, default)).ReturnsAsync(Its(4));
        _platform.Setup(api => api.DeleteAsync(Kinds.Secret, Key, new DeleteRequest("uid", version), default)).ReturnsAsync((KubeObject?)null);

        var step = new DeleteStep(TargetCluster.Platform, Kinds.Secret, Its(3)) { IsOfVersion = true, Before = isPatched ? patch : null };

        Assert.That(await Executor.ExecuteAsync(Ocm, step, default), Is.True);
        _platform.Verify(
            api => api.MergePatchAsync(Kinds.Secret, Key, It.IsAny<JsonElement>(), null, default), isPatched ? Times.Once : Times.Never);
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
        await executor.ExecuteAsync(Ocm, new PatchStep(TargetCluster.Platform, PlatformKinds.HelmRelease, Its(3), patch), default);
        Assert.That(executor.ServerDefaults, Is.EqualTo(["HelmRelease.spec.timeout=\"60s\""]));
    }

    [TestCase(TargetCluster.Platform, "Secret", 0)]
    [TestCase(TargetCluster.ControlPlane, "ConfigMap", 0)]
    [TestCase(TargetCluster.Platform, "ConfigMap", 1)]
    public async Task An_answer_of_which_nothing_is_learned_is_not_compared(TargetCluster cluster, string name, int read)
    {
        var kind = name == "Secret" ? Kinds.Secret : Kinds.ConfigMap;
        var paths = new CountedList<IReadOnlyList<string>>([["data", "y"]]);
        _platform.Setup(api => api.ApplyAsync(kind, It.IsAny<KubeObject>(), true, default))
            .ReturnsAsync(Its(5).Patched("""{ "data": { "x": "1", "y": "2" } }""").OwnedAs(new FieldOwnership([], paths)));
        var executor = new PlanExecutor((_, _) => new StepTarget(_platform.Object, null));

        var manifest = Its(0).Patched("""{ "data": { "x": "1" } }""");
        await executor.ExecuteAsync(Ocm, new ApplyStep(cluster, kind, manifest, new ApplyTarget.Observed("uid")), default);

        Assert.That(paths.Read, Is.EqualTo(read));
    }

    [Test]
    public async Task An_object_in_the_way_is_looked_up_on_one_page_only()
    {
        var pages = 0;
        _platform.Setup(api => api.ClusterName).Returns("control plane");
        _platform.Setup(api => api.Limits).Returns((LimitMetrics?)null);
        _platform.Setup(api => api.ListAsync(PlatformKinds.HelmRelease, It.IsAny<ListRequest>(), default))
            .Returns(() => Task.FromResult(new ListPage([], "7", $"page {++pages}")));
        _platform.Setup(api => api.ApplyAsync(PlatformKinds.HelmRelease, It.IsAny<KubeObject>(), true, default))
            .ThrowsAsync(new KubernetesApiException(409, "Conflict", "the object has been modified"));

        var error = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Executor.ExecuteAsync(Ocm, Apply(new ApplyTarget.Missing()), default));

        Assert.That((error!.Reason, pages), Is.EqualTo(("LimitExceeded", 1)));
    }

    private static bool IsForA(ListRequest request) => (request.Namespace, request.FieldSelector) == ("ns", "metadata.name=a");

    private static ApplyStep Apply(ApplyTarget target) => new(
        TargetCluster.Platform,
        PlatformKinds.HelmRelease,
        KubeObject.Parse(
            """{ "metadata": { "namespace": "ns", "name": "a", "labels": { "openmcp.cloud/managed-by": "group", "app.kubernetes.io/managed-by": "us" } } }"""),
        target);

    private static KubeObject Its(int version) => KubeObject.Parse(
        $$"""{ "metadata": { "namespace": "ns", "name": "a", "uid": "uid", "resourceVersion": "{{version}}" } }""");
}
