using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Tools.Cleanup;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Support.Connections;
using ServiceProviderOcm.Tests.Support.Time;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary><c>cleanup</c> of the objects of a tenant whose control plane does not cooperate.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CleanupTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly OrphanedTenant Tenant = new(An.Tenant, An.Ocm().Key, []);
    private static readonly Observation Complete = An.Observation().WithCaBundle().Complete();

    private readonly Mock<IKubernetesApi> _platform = new();
    private readonly Mock<IKubernetesApi> _controlPlane = new();
    private KubeObject? _release;

    public CleanupTests() =>
        _controlPlane.Setup(api => api.DiscoverAsync(PlatformKinds.ToolkitGroup, It.IsAny<CancellationToken>()))
            .ReturnsAsync([PlatformKinds.Repository]);

    [Test]
    public async Task An_object_that_is_listed_again_after_its_deletion_ends_at_the_timeout()
    {
        var time = new HurriedTime(TimeSpan.FromSeconds(10));
        Lists(kind => new ListPage(kind == Kinds.ConfigMap ? Complete.ControlPlane.ConfigMaps : [], "1"));

        var result = await Cleanup(time).DeleteAsync(Tenant, Timeout, _ => { }, default);

        Assert.That((result.Outcome, result.Message), Is.EqualTo((
            CleanupOutcome.Blocked,
            "Not finished within the timeout: Deleting image pull secrets and the CA bundle on control plane \"alpha\". Run the command again.")));
        _controlPlane.Verify(
            api => api.DeleteAsync(Kinds.ConfigMap, It.IsAny<ObjectKey>(), It.IsAny<DeleteRequest>(), It.IsAny<CancellationToken>()),
            Times.Between(2, 400, Moq.Range.Inclusive));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_control_plane_that_does_not_answer_ends_at_the_timeout(bool isDryRun)
    {
        var time = new FakeTimeProvider();
        _controlPlane.Setup(api => api.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>())).Returns(
            (ResourceKind _, ListRequest _, CancellationToken token) =>
            {
                time.Advance(Timeout);
                return new TaskCompletionSource<ListPage>().Task.WaitAsync(token);
            });

        var result = isDryRun
            ? await Cleanup(time).CheckAsync(Tenant, Timeout, default)
            : await Cleanup(time).DeleteAsync(Tenant, Timeout, _ => { }, default);

        Assert.That((result.Outcome, result.Message), Is.EqualTo((
            CleanupOutcome.Blocked, "Not finished within the timeout: The objects were not read. Run the command again.")));
    }

    [Test]
    public async Task A_list_without_end_blocks_the_deletion()
    {
        var pages = 0;
        Lists(kind => new ListPage([], "1", kind == Kinds.ConfigMap ? (++pages).ToString(CultureInfo.InvariantCulture) : null));

        var result = await Cleanup(new FakeTimeProvider()).CheckAsync(Tenant, Timeout, default);

        Assert.That((result.Outcome, pages), Is.EqualTo((CleanupOutcome.Blocked, 10)));
        Assert.That(result.Message, Does.Contain("the list has at least 11 pages, and the limit is 10"));
    }

    [Test]
    public async Task Names_that_an_API_server_would_not_store_are_not_shown()
    {
        _release = Complete.HelmRelease;
        Lists(kind => new ListPage(kind == PlatformKinds.Repository ? [Named("a\u202e\u001b[31m")] : [], "1"));

        var result = await Cleanup(new FakeTimeProvider()).CheckAsync(Tenant, Timeout, default);

        Assert.That((result.Outcome, result.Message), Is.EqualTo((
            CleanupOutcome.Blocked,
            "1 Repository object(s) (delivery.ocm.software) still exist on control plane \"alpha\": (invalid name). Delete them to continue.")));
    }

    [Test]
    public async Task Users_objects_are_protected_while_the_Go_provider_s_HelmRelease_without_labels_is_left()
    {
        _release = Complete.HelmRelease!.Patched("""{ "metadata": { "labels": null } }""")
            .OwnedAs(FieldOwnership.None with { IsWrittenByProvider = true, IsUpdatedByProvider = true });
        Lists(kind => new ListPage(kind == PlatformKinds.Repository ? [Named("a")] : [], "1"));

        var result = await Cleanup(new FakeTimeProvider()).DeleteAsync(Tenant, Timeout, _ => { }, default);

        Assert.That((result.Outcome, result.Message), Is.EqualTo((
            CleanupOutcome.Blocked,
            "1 Repository object(s) (delivery.ocm.software) still exist on control plane \"alpha\": n/a. Delete them to continue.")));
        _platform.Verify(
            api => api.DeleteAsync(It.IsAny<ResourceKind>(), It.IsAny<ObjectKey>(), It.IsAny<DeleteRequest>(), It.IsAny<CancellationToken>()),
            Times.Never);
    }

    private void Lists(Func<ResourceKind, ListPage> page) =>
        _controlPlane.Setup(api => api.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>())).Returns(
            async (ResourceKind kind, ListRequest _, CancellationToken _) =>
            {
                await Task.Yield();
                return page(kind);
            });

    private OrphanCleanup Cleanup(TimeProvider time)
    {
        var onboarding = new Mock<IKubernetesApi>();
        onboarding.Setup(api => api.ListAsync(An.Identity.Api.Ocm, It.IsAny<ListRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ListPage([], "1"));
        _platform.Setup(api => api.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((ResourceKind kind, ListRequest request, CancellationToken _) => new ListPage([.. OnPlatform(kind, request)], "1"));
        _controlPlane.Setup(api => api.DiscoverAsync(PlatformKinds.ToolkitGroup, It.IsAny<CancellationToken>()))
            .ReturnsAsync([PlatformKinds.Repository]);
        return new OrphanCleanup(
            An.Identity,
            _platform.Object,
            onboarding.Object,
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => _controlPlane.Object),
            new InformerLimits { Pages = 10 },
            time);
    }

    private IEnumerable<KubeObject> OnPlatform(ResourceKind kind, ListRequest request) =>
        kind == PlatformKinds.AccessRequest ? [Complete.AccessRequest!]
        : kind == PlatformKinds.ClusterRequest ? [Complete.ClusterRequest!]
        : kind == PlatformKinds.HelmRelease && _release is not null ? [_release]
        : kind == Kinds.Secret && request.FieldSelector is not null ? [Kubeconfig()]
        : [];

    private static KubeObject Kubeconfig() => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = Installed.KubeconfigSecret, ["namespace"] = An.Tenant },
        ["data"] = new JsonObject
        {
            ["kubeconfig"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(TestConnections.Config("server: https://one.example"))),
        },
    });

    private static KubeObject Named(string name) => KubeObject.From(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" },
    });
}
