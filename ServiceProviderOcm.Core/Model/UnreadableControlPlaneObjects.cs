using System.Collections.Frozen;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model;

/// <summary>The managed objects on a control plane that exist and cannot be read now. What is known of them otherwise may be stale.</summary>
/// <param name="Objects">Their kinds and names; a name is empty if it is not known.</param>
/// <param name="Error">One of them as messages show it, and why it cannot be read; null if there are none.</param>
public sealed record UnreadableControlPlaneObjects(IReadOnlySet<(ResourceKind Kind, string Name)> Objects, KubernetesApiException? Error)
{
    /// <summary>All can be read.</summary>
    public static readonly UnreadableControlPlaneObjects None = new(FrozenSet<(ResourceKind, string)>.Empty, Error: null);

    /// <summary>The number of objects.</summary>
    public int Count => Objects.Count;

    /// <summary>Keeps their names, and describes the first only: there may be thousands.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="describe">Describes one as messages show it, and why it cannot be read.</param>
    public static UnreadableControlPlaneObjects Of<T>(
        IReadOnlyCollection<(ResourceKind Kind, string Name, T Object)> objects, Func<ResourceKind, T, KubernetesApiException> describe)
    {
        if (objects.Count == 0)
        {
            return None;
        }

        var first = objects.MinBy(each => each.Name, StringComparer.Ordinal);
        return new UnreadableControlPlaneObjects(
            objects.Select(each => (each.Kind, each.Name)).ToHashSet(), describe(first.Kind, first.Object));
    }

    /// <summary>Whether an object cannot be read.</summary>
    public bool Has(ResourceKind kind, string name) => Objects.Contains((kind, name));
}
