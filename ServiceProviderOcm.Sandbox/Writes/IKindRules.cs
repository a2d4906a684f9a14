using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What a built-in kind has of its own.</summary>
internal interface IKindRules
{
    /// <summary>Fills in and brings into form, in place.</summary>
    void Prepare(JsonObject now, JsonObject? before);

    /// <summary>What is wrong with an object, or with a change of it.</summary>
    IEnumerable<FieldError> Check(JsonObject now, JsonObject? before);
}
