using System.Text.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>One change of one object.</summary>
/// <param name="Version">Its resource version.</param>
/// <param name="Resource">The <c>plural.group</c>.</param>
/// <param name="Before">The object before; null where it came to be.</param>
/// <param name="After">The object after; null where it was removed.</param>
/// <param name="State">Everything after the change.</param>
internal sealed record StoreChange(long Version, string Resource, JsonElement? Before, JsonElement? After, StoreState State);
