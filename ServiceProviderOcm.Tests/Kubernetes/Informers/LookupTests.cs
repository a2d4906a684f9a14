using System.Globalization;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LookupTests
{
    private static readonly ObjectKey Key = new("n", "a");

    private readonly Mock<IKubernetesApi> _api = new();
    private int _requests;

    [Test]
    public async Task A_list_has_all_pages_and_what_cannot_be_read()
    {
        var odd = new UnreadableObject(new ObjectKey("n", "odd"), "", "", "it is odd");
        Answer(next => next is null ? Events.Page(7, Events.Item("a", 1)) with { Continue = "2", Unreadable = [odd] } : Events.Page(7, Events.Item("b", 2)));

        var listing = await _api.Object.ListAllAsync(Kinds.ConfigMap, new WatchScope("n"), default);

        Assert.That((string.Join(' ', listing.Objects.Select(item => item.Name)), listing.Unreadable.Single()), Is.EqualTo(("a b", odd)));
    }

    [Test]
    public async Task An_aggregate_of_a_list_that_expires_begins_again()
    {
        Answer(next => next is null ? Events.Page(7, Events.Item("a", 1)) with { Continue = "2" }
            : _requests == 2 ? throw new KubernetesApiException(410, "Expired", "expired")
            : Events.Page(7, Events.Item("b", 2)));

        var names = await _api.Object.AggregateAsync(
            Kinds.ConfigMap, WatchScope.Everything, "", (before, page) => before + string.Concat(page.Items.Select(item => item.Name)), default);

        Assert.That((names, _requests), Is.EqualTo(("ab", 4)));
    }

    [Test]
    public async Task A_list_without_end_is_an_error()
    {
        Answer(_ => Events.Page(7) with { Continue = _requests.ToString(CultureInfo.InvariantCulture) });

        var error = await ErrorAsync(
            () => _api.Object.ListAllAsync(Kinds.ConfigMap, WatchScope.Everything, new InformerLimits { Pages = 20 }, default));

        Assert.That((error.Reason, _requests), Is.EqualTo(("LimitExceeded", 20)));
    }

    [Test]
    public async Task A_limit_that_a_lookup_exceeds_is_counted()
    {
        using var metrics = new MetricsReader();
        _api.Setup(api => api.Limits).Returns(metrics.Metrics.Limits);
        Answer(_ => Events.Page(7) with { Continue = _requests.ToString(CultureInfo.InvariantCulture) });

        await ErrorAsync(() => _api.Object.FindAsync(Kinds.ConfigMap, Key, default));
        await ErrorAsync(() => _api.Object.ListAllAsync(Kinds.ConfigMap, WatchScope.Everything, new InformerLimits { Pages = 20 }, default));

        Assert.That(metrics.Read("service_provider_ocm_limit_exceeded_total"), Is.EqualTo(new Dictionary<string, double> { ["pages"] = 2 }));
    }

    [Test]
    public async Task A_list_of_too_many_objects_is_an_error()
    {
        Answer(_ => Events.Page(7, Events.Item("a", 1)) with { Continue = _requests.ToString(CultureInfo.InvariantCulture) });

        var error = await ErrorAsync(
            () => _api.Object.ListAllAsync(Kinds.ConfigMap, WatchScope.Everything, new InformerLimits { Objects = 20 }, default));

        Assert.That((error.Reason, _requests), Is.EqualTo(("LimitExceeded", 21)));
    }

    [Test]
    public async Task All_pages_of_a_list_have_one_budget()
    {
        HashSet<TrafficBudget?> budgets = [];
        _api.Setup(api => api.ListAsync(Kinds.ConfigMap, It.IsAny<ListRequest>(), default)).Returns(
            (ResourceKind _, ListRequest request, CancellationToken _) =>
            {
                budgets.Add(request.Budget);
                return Task.FromResult(Events.Page(7) with { Continue = request.Continue is null ? "2" : null });
            });

        await _api.Object.ListAllAsync(Kinds.ConfigMap, WatchScope.Everything, default);

        Assert.That(budgets.Single(), Is.Not.Null);
    }

    [Test]
    public async Task A_lookup_holds_no_page_while_it_reads_another()
    {
        Answer(_ => Events.Page(7) with { Continue = _requests.ToString(CultureInfo.InvariantCulture) });

        var error = await ErrorAsync(() => _api.Object.FindAsync(Kinds.ConfigMap, Key, default));

        Assert.That((error.Reason, _requests), Is.EqualTo(("LimitExceeded", 1)));
    }

    [Test]
    public async Task A_lookup_finds_the_object_of_the_name_in_the_namespace_and_no_other()
    {
        Answer(_ => Events.Page(7, Events.Item("b", 1), Events.Item("a", 2)));

        Assert.That((await _api.Object.FindAsync(Kinds.ConfigMap, Key, default))!.ResourceVersion, Is.EqualTo("2"));
        Assert.That(await _api.Object.FindAsync(Kinds.ConfigMap, new ObjectKey("n", "c"), default), Is.Null);
        Assert.That(await _api.Object.FindAsync(Kinds.ConfigMap, new ObjectKey("other", "a"), default), Is.Null);
    }

    [Test]
    public async Task A_lookup_holds_one_object()
    {
        Answer(_ => Events.Page(7, Events.Item("a", 1), Events.Item("a", 2)));

        var error = await ErrorAsync(() => _api.Object.FindAsync(Kinds.ConfigMap, Key, default));

        Assert.That(error.Reason, Is.EqualTo("LimitExceeded"));
    }

    [Test]
    public async Task An_object_that_cannot_be_read_is_not_reported_as_missing()
    {
        Answer(_ => Events.Page(7) with { Unreadable = [new UnreadableObject(Key, "", "", "it is odd")] });

        var error = await ErrorAsync(() => _api.Object.FindAsync(Kinds.ConfigMap, Key, default));

        Assert.That(error.Message, Is.EqualTo("ConfigMap n/a cannot be read: it is odd"));
    }

    [Test]
    public async Task An_object_of_a_kind_that_is_not_served_is_missing()
    {
        Answer(_ => throw Events.NotFound);

        Assert.That(await _api.Object.FindAsync(Kinds.ConfigMap, Key, default), Is.Null);
    }

    private void Answer(Func<string?, ListPage> page) =>
        _api.Setup(api => api.ListAsync(Kinds.ConfigMap, It.IsAny<ListRequest>(), It.IsAny<CancellationToken>())).Returns(
            async (ResourceKind _, ListRequest request, CancellationToken _) =>
            {
                // A list without end must not keep a test from failing.
                Assert.That(++_requests, Is.LessThan(1_000));
                await Task.Yield();
                return page(request.Continue);
            });

    private static async Task<KubernetesApiException> ErrorAsync(Func<Task> call) => (await Assert.ThrowsAsync<KubernetesApiException>(call))!;
}
