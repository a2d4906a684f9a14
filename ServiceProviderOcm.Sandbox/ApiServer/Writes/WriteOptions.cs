using ServiceProviderOcm.Sandbox.ApiServer.Ownership;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>What a request says besides its body.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Name">Empty for creations.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="FieldManager">Who writes.</param>
/// <param name="Strict">Whether unknown fields are refused, instead of dropped.</param>
/// <param name="Force">Whether server-side apply takes over fields of others.</param>
/// <param name="Now">When.</param>
internal sealed record WriteOptions(
    string Namespace, string Name, string Subresource, string FieldManager, bool Strict, bool Force, DateTimeOffset Now)
{
    /// <summary>The owner of what is written.</summary>
    public FieldOwner Owner(string operation, string apiVersion) => new(FieldManager, operation, apiVersion, Subresource);
}
