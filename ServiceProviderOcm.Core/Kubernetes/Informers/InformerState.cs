using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>How far an informer's store can be relied on.</summary>
/// <param name="HasSynced">The store has held all objects at some time; before that, what is not in it may well exist.</param>
/// <param name="IsServed">The API server knows the kind. If not, there are no such objects.</param>
/// <param name="Failure">Why the store may be out of date, if it may.</param>
public sealed record InformerState(bool HasSynced, bool IsServed, KubernetesApiException? Failure)
{
    /// <summary>Before the first answer.</summary>
    public static readonly InformerState Starting = new(HasSynced: false, IsServed: true, Failure: null);
}
