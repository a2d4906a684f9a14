using ServiceProviderOcm.Sandbox.ApiServer.Ownership;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The parameters of a write.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Name">Empty for creations.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="FieldManager">The field manager.</param>
/// <param name="Strict">Whether unknown fields are an error; otherwise they are pruned.</param>
/// <param name="Force">Whether server-side apply takes over the fields of other managers.</param>
/// <param name="Now">The time of the write.</param>
internal sealed record WriteOptions(
    string Namespace, string Name, string Subresource, string FieldManager, bool Strict, bool Force, DateTimeOffset Now)
{
    /// <summary>The owner of the written fields.</summary>
    public FieldOwner Owner(string operation, string apiVersion) => new(FieldManager, operation, apiVersion, Subresource);
}
