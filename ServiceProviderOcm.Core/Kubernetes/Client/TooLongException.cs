namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A line of a watch, or an object of a list, is longer than allowed.</summary>
internal sealed class TooLongException(string what, string limit, long allowed) : Exception
{
    /// <summary>What is too long, such as <c>the answer</c>.</summary>
    public string What { get; } = what;

    /// <summary>The name of the limit.</summary>
    public string Limit { get; } = limit;

    /// <summary>The limit, in bytes.</summary>
    public long Allowed { get; } = allowed;
}
