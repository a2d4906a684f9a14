using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The rules of a built-in kind.</summary>
internal interface IKindRules
{
    /// <summary>Normalizes an object before it is stored, in place.</summary>
    void Prepare(JsonObject now, JsonObject? before);

    /// <summary>The errors in an object, or in a change of it.</summary>
    IEnumerable<FieldError> Validate(JsonObject now, JsonObject? before);
}
