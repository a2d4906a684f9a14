namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>Names one object of a kind. <see cref="Namespace"/> is empty for cluster-scoped objects.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>The key of an object of which nothing is known.</summary>
    public static readonly ObjectKey None = new("", "");

    /// <summary>Whether an API server would store an object of this key. A server that strangers administer may send any other.</summary>
    public bool IsValid => DnsNames.IsSubdomain(Name) && (Namespace.Length == 0 || DnsNames.IsLabel(Namespace));

    /// <summary>The key as messages show it: what is not valid may hide text or control a terminal.</summary>
    public string Shown => IsValid ? ToString() : "(invalid name)";

    /// <summary>The key of a cluster-scoped object.</summary>
    public static ObjectKey ClusterScoped(string name) => new("", name);

    /// <summary><c>namespace/name</c>, or only the name for cluster-scoped objects.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
