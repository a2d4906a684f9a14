using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Lists the objects of a kind, for informers and lookups alike, within limits. The size of pages follows from the size of the objects:
/// small pages of large objects spare the memory of the API server, large pages of small objects spare requests.
/// </summary>
internal sealed class PagedList(
    IKubernetesApi api,
    ResourceKind kind,
    WatchScope scope,
    InformerOptions options,
    TrafficBudget budget,
    MemoryShare? share)
{
    private const long LargePage = 4 << 20;
    private const long SmallPage = 1 << 20;
    private const int MaxRestarts = 3;

    // What is in memory of a page is one object: the first page need not be small.
    private int _pageSize = options.PageSize;

    /// <summary>Lists all objects. The list is started again if it expires before its last page.</summary>
    /// <param name="known">The store: objects that have not changed are taken from there, so that none is in memory twice.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request fails, the list expires each time, or a limit is exceeded.</exception>
    public async Task<Listing> ReadAsync(Store? known, CancellationToken cancellationToken)
    {
        var objects = Objects(known);
        var position = await VisitAsync(Add, objects.Clear, cancellationToken);
        return objects.Complete(position);

        void Add(ListPage page)
        {
            foreach (var item in page.Items)
            {
                objects.Add(item);
            }

            foreach (var item in page.Unreadable)
            {
                objects.Add(item);
            }

            objects.Check();
        }
    }

    /// <summary>Reads all pages, and keeps none.</summary>
    /// <param name="onPage">Called with each page.</param>
    /// <param name="onRestart">Called when the list is started again, since it expired before its last page.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="KubernetesApiException">A request fails, the list expires each time, or it has too many pages.</exception>
    public async Task<WatchPosition> VisitAsync(Action<ListPage> onPage, Action onRestart, CancellationToken cancellationToken)
    {
        string? next = null;
        for (var (pages, restarts) = (1, 0); ; pages++)
        {
            ListPage page;
            try
            {
                page = await PageAsync(next, cancellationToken);
            }
            catch (KubernetesApiException expired) when (expired.IsGone && next is not null && restarts < MaxRestarts)
            {
                onRestart();
                (next, pages) = (null, 0);
                restarts++;
                continue;
            }

            onPage(page with
            {
                Items = [.. page.Items.Where(item => scope.Includes(item.Key))],
                Unreadable = [.. page.Unreadable.Where(item => scope.Includes(item.Key))],
            });
            CheckPages(pages, page.Continue);
            if (page.Continue is null)
            {
                return new WatchPosition(page.ResourceVersion, page.Server);
            }

            if (page.Continue == next)
            {
                throw new KubernetesApiException(0, ApiErrors.BrokenOff, "the list continues where it began");
            }

            next = page.Continue;
            Adapt(page.Bytes);
        }
    }

    /// <summary>Collects the objects of a list.</summary>
    /// <param name="known">The store.</param>
    public ListedObjects Objects(Store? known) => new(known, options.Limits, share, Check);

    /// <summary>Checks the limits of what is kept.</summary>
    /// <exception cref="KubernetesApiException">A limit is exceeded.</exception>
    public void Check(int objects, long size)
    {
        if (objects > options.Limits.Objects)
        {
            throw OverLimit(LimitExcess.Objects(objects, options.Limits.Objects));
        }

        if (size > options.Limits.StoreBytes)
        {
            throw OverLimit(LimitExcess.StoreBytes(size, options.Limits.StoreBytes));
        }
    }

    private void CheckPages(int pages, string? next)
    {
        if (next is not null && pages >= options.Limits.Pages)
        {
            throw OverLimit(new LimitExcess(nameof(InformerLimits.Pages), "the list has at least", pages + 1, options.Limits.Pages, "pages"));
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

    private KubernetesApiException OverLimit(LimitExcess excess)
    {
        api.Limits?.Exceeded(excess.MetricName);
        return ApiErrors.OverLimit(
            $"list {kind.QualifiedPlural} on the {api.ClusterName}: {excess.Describe(options.Limits.FlagPrefix)}");
    }
}
