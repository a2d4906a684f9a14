using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Lists the objects of a kind in pages whose size follows from the size of the objects: small pages of large objects spare the memory of
/// the API server, large pages of small objects spare requests.
/// </summary>
internal sealed class PagedList(
    IKubernetesApi api, ResourceKind kind, WatchScope scope, InformerOptions options, TrafficBudget budget, InformerMetrics? metrics)
{
    private const long LargePage = 4 << 20;
    private const long SmallPage = 1 << 20;
    private const int FirstPageSize = 100;

    private int _pageSize = Math.Min(FirstPageSize, options.PageSize);

    /// <summary>Lists all objects.</summary>
    /// <param name="known">The store: objects that have not changed are taken from there, so that none is in memory twice.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request fails, or a limit is exceeded.</exception>
    public async Task<Listing> ReadAsync(Store known, CancellationToken cancellationToken)
    {
        using var account = options.Share?.OpenAccount();
        List<KubeObject> objects = [];
        List<UnreadableObject> unreadable = [];
        var size = 0L;
        var listed = 0L;
        string? next = null;
        for (var pages = 1; ; pages++)
        {
            var page = await PageAsync(next, cancellationToken);
            foreach (var item in page.Items.Where(item => scope.Includes(item.Key)))
            {
                var kept = known.Get(item.Key) is { } same && same.ResourceVersion == item.ResourceVersion && same.Uid == item.Uid
                    ? same
                    : item;
                objects.Add(kept);
                size += kept.Size;
                listed += ReferenceEquals(kept, item) ? item.Size : 0;
            }

            Check(account?.Resize(listed));
            unreadable.AddRange(page.Unreadable.Where(item => scope.Includes(item.Key)));
            Check(objects.Count + unreadable.Count, size, pages, page.Continue);
            if (page.Continue is null)
            {
                return new Listing(objects, unreadable, new WatchPosition(page.ResourceVersion, page.Server));
            }

            if (page.Continue == next)
            {
                throw new KubernetesApiException(0, ApiErrors.BrokenOff, "the list continues where it began");
            }

            next = page.Continue;
            Adapt(page.Bytes);
        }
    }

    /// <summary>Checks the limits of what is kept.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    public void Check(int objects, long size)
    {
        if (objects > options.Limits.Objects)
        {
            throw OverLimit(nameof(InformerLimits.Objects), $"there are more than {options.Limits.Objects} objects");
        }

        if (size > options.Limits.StoreBytes)
        {
            throw OverLimit(nameof(InformerLimits.StoreBytes), $"the objects take more than {options.Limits.StoreBytes} bytes of memory");
        }
    }

    /// <summary>Checks the memory of what is kept.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    public void Check(Store store) => Check(store.Exceeded);

    private void Check(BudgetExceededException? exceeded)
    {
        if (exceeded is not null)
        {
            metrics?.Exceeded(exceeded.Limit);
            throw ApiErrors.OverLimit(
                $"list {kind.QualifiedPlural} on the {api.ClusterName}: {exceeded.Message} (limit {exceeded.Limit})", exceeded.RetryAfter);
        }
    }

    private void Check(int objects, long size, int pages, string? next)
    {
        Check(objects, size);
        if (next is not null && pages >= options.Limits.Pages)
        {
            throw OverLimit(nameof(InformerLimits.Pages), $"the list has more than {options.Limits.Pages} pages");
        }
    }

    private Task<ListPage> PageAsync(string? next, CancellationToken cancellationToken) => api.ListAsync(
        kind,
        new ListRequest(scope.Namespace, scope.LabelSelector, scope.FieldSelector, _pageSize, next)
        {
            IsMetadataOnly = scope.IsMetadataOnly,
            Budget = budget,
        },
        cancellationToken);

    private void Adapt(long bytes) => _pageSize = bytes switch
    {
        > LargePage => Math.Max(1, _pageSize / 2),
        < SmallPage => Math.Min(options.PageSize, _pageSize * 2),
        _ => _pageSize,
    };

    private KubernetesApiException OverLimit(string limit, string what)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(limit);
        metrics?.Exceeded(name);
        return ApiErrors.OverLimit($"list {kind.QualifiedPlural} on the {api.ClusterName}: {what} (limit {name})");
    }
}
