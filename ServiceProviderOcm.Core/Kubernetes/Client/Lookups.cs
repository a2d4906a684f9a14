using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Reads once what is otherwise watched, by the same requests, so that no other permission is needed.</summary>
public static class Lookups
{
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

    /// <summary>A whole list, page by page. If it expires meanwhile, it is started again, a few times.</summary>
    public static async Task<IReadOnlyList<KubeObject>> ListAllAsync(
        this IKubernetesApi api, ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        const int MostAttempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ListOnceAsync(api, kind, request, cancellationToken);
            }
            catch (KubernetesApiException expired) when (expired.IsGone && attempt < MostAttempts)
            {
                // The pages are of a version that the server has no longer.
            }
        }
    }

    private static async Task<IReadOnlyList<KubeObject>> ListOnceAsync(
        IKubernetesApi api, ResourceKind kind, ListRequest request, CancellationToken cancellationToken)
    {
        List<KubeObject> all = [];
        for (var next = request; ;)
        {
            var page = await api.ListAsync(kind, next, cancellationToken);
            all.AddRange(page.Items);
            if (page.Continue is null)
            {
                return all;
            }

            next = next with { Continue = page.Continue };
        }
    }
}
