using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// A revision as it is stored: a ControllerRevision in the provider's namespace with the part of the spec that determines installations.
/// It names Secrets, and has nothing of their content.
/// </summary>
public static class StoredRevision
{
    /// <summary>The manifest of a revision.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="spec">The spec of the ProviderConfig.</param>
    /// <param name="number">Greater than those of all revisions before.</param>
    public static KubeObject Manifest(Identity identity, string revision, JsonElement spec, long number) => KubeObject.From(new JsonObject
    {
        ["apiVersion"] = Kinds.ControllerRevision.ApiVersion,
        ["kind"] = Kinds.ControllerRevision.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = ObjectNames.StoredRevision(identity, revision),
            ["namespace"] = identity.PodNamespace,
            ["labels"] = new JsonObject
            {
                [ObjectNames.ManagedByLabel] = ObjectNames.LabelValue(identity.Api.Group),
                [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
                [ObjectNames.ProviderLabel(identity.Api)] = ObjectNames.LabelValue(identity.ProviderName),
                [ObjectNames.RevisionLabel(identity.Api)] = revision,
            },
        },
        ["data"] = new JsonObject { ["spec"] = ConfigRevision.Part(spec) },
        ["revision"] = number,
    });

    /// <summary>The number of a stored revision.</summary>
    public static long NumberOf(KubeObject stored) => stored.OwnJson.Number("revision") ?? 0;

    /// <summary>The revision of a stored one, as its label says.</summary>
    public static string RevisionOf(KubeObject stored, ProviderApi api) =>
        stored.Text("metadata", "labels", ObjectNames.RevisionLabel(api)) ?? "";

    /// <summary>The configuration of a stored revision; null if it is not what its label says.</summary>
    public static InstallConfig? Read(Identity identity, KubeObject stored)
    {
        if (stored.At("data", "spec") is not { ValueKind: JsonValueKind.Object } spec)
        {
            return null;
        }

        var config = InstallConfigReader.Read(identity, KubeObject.From(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = identity.ProviderName },
            ["spec"] = JsonObject.Create(spec),
        }));
        return config.Revision == RevisionOf(stored, identity.Api) ? config : null;
    }
}
