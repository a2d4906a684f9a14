using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>How far an informer's store can be relied on: exactly one of the nested types.</summary>
public abstract record InformerState
{
    private InformerState()
    {
    }

    /// <summary>Whether the store has been complete at some time. Before that, objects may exist that are not in it.</summary>
    public bool HasSynced => this is not (Starting or Failing);

    /// <summary>Whether the store is complete and up to date.</summary>
    public bool IsSynced => this is Synced;

    /// <summary>Whether the API server serves the kind, as far as is known. If not, there are no such objects.</summary>
    public bool IsServed => this is not NotServed;

    /// <summary>The error of <see cref="Failing"/> and <see cref="Stale"/>; null in other states.</summary>
    public KubernetesApiException? Failure => this switch
    {
        Failing failing => failing.Error,
        Stale stale => stale.Error,
        _ => null,
    };

    /// <summary>Whether the state is of the same type, with an error of the same code and reason if it has one.</summary>
    internal bool IsLike(InformerState other) =>
        (GetType(), Failure?.Code, Failure?.Reason) == (other.GetType(), other.Failure?.Code, other.Failure?.Reason);

    /// <summary>The first list has not been received yet.</summary>
    public sealed record Starting : InformerState;

    /// <summary>The first list fails.</summary>
    /// <param name="Error">The latest error.</param>
    public sealed record Failing(KubernetesApiException Error) : InformerState;

    /// <summary>The store is complete and up to date.</summary>
    public sealed record Synced : InformerState;

    /// <summary>The store was complete, but may be stale, because lists or watches fail.</summary>
    /// <param name="Error">The latest error.</param>
    public sealed record Stale(KubernetesApiException Error) : InformerState;

    /// <summary>The API server does not serve the kind: its CustomResourceDefinition is not installed. The store is empty.</summary>
    public sealed record NotServed : InformerState;
}
