using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for ConfigMaps.</summary>
internal sealed class ConfigMapRules : IKindRules
{
    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before) => ImmutableData.RequireBase64(now, "binaryData");

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before) =>
    [
        .. ImmutableData.CheckKeys(now, "data"),
        .. ImmutableData.CheckKeys(now, "binaryData"),
        .. ImmutableData.CheckChange(now, before),
    ];
}
