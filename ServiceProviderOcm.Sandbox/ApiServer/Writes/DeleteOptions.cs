using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The options of a deletion.</summary>
/// <param name="PropagationPolicy">The policy, which adds a finalizer. There is no garbage collector that removes it. May be null.</param>
/// <param name="Uid">The uid that the object must have; null: any.</param>
/// <param name="ResourceVersion">The resource version that the object must have; null: any.</param>
internal sealed record DeleteOptions(string? PropagationPolicy, string? Uid, string? ResourceVersion)
{
    /// <summary>Reads the body of a request, which may be empty.</summary>
    public static DeleteOptions Parse(JsonObject? body) => new(
        body.Text("propagationPolicy"), body.Text("preconditions", "uid"), body.Text("preconditions", "resourceVersion"));
}
