using System.Text.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Storage;

/// <summary>One change of one object.</summary>
/// <param name="Version">Its resource version.</param>
/// <param name="Resource">The <c>plural.group</c>.</param>
/// <param name="Before">The object before; null if it was created.</param>
/// <param name="After">The object after; null if it was deleted.</param>
/// <param name="State">The state after the change.</param>
internal sealed record StoreChange(long Version, string Resource, JsonElement? Before, JsonElement? After, StoreState State);
