namespace ServiceProviderOcm.Tests.Servers;

/// <summary>One request that an API server has answered, or for a watch, received.</summary>
/// <param name="UserAgent">What the client calls itself.</param>
/// <param name="User">The authenticated user.</param>
/// <param name="Verb">Such as <c>list</c>, <c>watch</c> or <c>patch</c>.</param>
/// <param name="Group">The API group; empty for the core.</param>
/// <param name="Resource">The plural, such as <c>secrets</c>.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
/// <param name="Namespace">Empty for all namespaces and for cluster-scoped objects.</param>
/// <param name="Name">Empty for lists, watches and creations.</param>
/// <param name="Code">HTTP status code; 0 for an open watch.</param>
/// <param name="Time">When the request came.</param>
public sealed record AuditEntry(
    string UserAgent,
    string User,
    string Verb,
    string Group,
    string Resource,
    string Subresource,
    string Namespace,
    string Name,
    int Code,
    DateTimeOffset Time)
{
    /// <summary>Whether it is a watch that begins with the objects that exist.</summary>
    public bool SendsInitialEvents { get; init; }

    /// <summary>Whether it reads all objects of a kind.</summary>
    public bool IsList => Verb == "list" || SendsInitialEvents;
}
