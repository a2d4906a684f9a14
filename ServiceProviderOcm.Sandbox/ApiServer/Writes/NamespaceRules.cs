using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The rules of Namespaces. A finalizer in their spec keeps them until they are empty.</summary>
internal sealed class NamespaceRules : IKindRules
{
    public void Prepare(JsonObject now, JsonObject? before)
    {
        if (before is null)
        {
            now["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            now["status"] = new JsonObject { ["phase"] = "Active" };
        }

        now.Child("metadata").Child("labels")["kubernetes.io/metadata.name"] = now.Text("metadata", "name");
    }

    public IEnumerable<FieldError> Validate(JsonObject now, JsonObject? before) => [];
}
