using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Informers;

/// <summary>
/// Which objects of a namespace are kept if it has too many: those that are being deleted, so that their deletion goes on, then the
/// oldest. Of objects that were created in the same second, the uid decides.
/// </summary>
internal readonly record struct KeepRank(bool IsBeingDeleted, string Created, string Uid, string Name) : IComparable<KeepRank>
{
    public static KeepRank Of(KubeObject subject) =>
        new(subject.IsBeingDeleted, subject.Text("metadata", "creationTimestamp") ?? "", subject.Uid, subject.Name);

    public int CompareTo(KeepRank other)
    {
        var deleted = other.IsBeingDeleted.CompareTo(IsBeingDeleted);
        var created = deleted != 0 ? deleted : string.CompareOrdinal(Created, other.Created);
        var uid = created != 0 ? created : string.CompareOrdinal(Uid, other.Uid);
        return uid != 0 ? uid : string.CompareOrdinal(Name, other.Name);
    }
}
