using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The rules of ConfigMaps.</summary>
internal sealed class ConfigMapRules : IKindRules
{
    public void Prepare(JsonObject now, JsonObject? before) => DataRules.RequireBase64(now, "binaryData");

    public IEnumerable<FieldError> Validate(JsonObject now, JsonObject? before) =>
    [
        .. DataRules.CheckKeys(now, "data"),
        .. DataRules.CheckKeys(now, "binaryData"),
        .. DataRules.CheckChange(now, before),
    ];
}
