using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Reads once what is otherwise watched, by the same requests, so that no other permission is needed.</summary>
public static class Lookups
{
    private const int MaxRestarts = 3;

    /// <summary>One object, found by listing; null if there is none, or if the kind is not served.</summary>
    public static async Task<KubeObject?> FindAsync(
        this IKubernetesApi api, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
    {
        var request = new ListRequest(kind.IsNamespaced ? key.Namespace : null, FieldSelector: $"metadata.name={key.Name}");
        try
        {
            return await api.ListAllAsync(kind, request, cancellationToken) is [var found, ..] ? found : null;
        }
        catch (KubernetesApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>A whole list, page by page. It is started again if it expires before its last page.</summary>
    /// <exception cref="KubernetesApiException">A request failed, or the list expired each time.</exception>
    public static async Task<IReadOnlyList<KubeObject>> ListAllAsync(
        this IKubernetesApi api, ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        List<KubeObject> all = [];
        var restarts = 0;
        for (var next = request; ;)
        {
            ListPage page;
            try
            {
                page = await api.ListAsync(kind, next, cancellationToken);
            }
            catch (KubernetesApiException exception) when (exception.IsGone && next != request && ++restarts <= MaxRestarts)
            {
                all.Clear();
                next = request;
                continue;
            }

            all.AddRange(page.Items);
            if (page.Continue is null)
            {
                return all;
            }

            next = next with { Continue = page.Continue };
        }
    }
}
