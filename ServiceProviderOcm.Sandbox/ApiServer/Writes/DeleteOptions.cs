using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The preconditions of a deletion. Propagation policies are accepted and ignored: there is no garbage collector.</summary>
/// <param name="Uid">The uid that the object must have; null: any.</param>
/// <param name="ResourceVersion">The resource version that the object must have; null: any.</param>
internal sealed record DeleteOptions(string? Uid, string? ResourceVersion)
{
    /// <summary>Reads the body of a request, which may be empty.</summary>
    public static DeleteOptions Parse(JsonObject? body) =>
        new(body.Text("preconditions", "uid"), body.Text("preconditions", "resourceVersion"));
}
