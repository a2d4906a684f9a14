using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The Event on an OCM that cannot be read, so that no condition can be written.</summary>
internal static class UnreadableEvent
{
    private const int LongestName = 253;

    public static KubeObject Of(ProviderApi api, UnreadableObject ocm, DateTimeOffset now)
    {
        var unique = now.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        var room = LongestName - 1 - unique.Length;
        var name = ocm.Key.Name.Length <= room ? ocm.Key.Name : ocm.Key.Name[..room].TrimEnd('-', '.');
        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Event.ApiVersion,
            ["kind"] = Kinds.Event.Kind,
            ["metadata"] = new JsonObject { ["name"] = $"{name}.{unique}", ["namespace"] = ocm.Key.Namespace },
            ["regarding"] = new JsonObject
            {
                ["apiVersion"] = api.Ocm.ApiVersion,
                ["kind"] = api.Ocm.Kind,
                ["namespace"] = ocm.Key.Namespace,
                ["name"] = ocm.Key.Name,
                ["uid"] = ocm.Uid,
                ["resourceVersion"] = ocm.ResourceVersion,
            },
            ["type"] = "Warning",
            ["reason"] = "Unreadable",
            ["note"] = $"OCM {ocm.Key} cannot be read: {ocm.Error}. It is not reconciled, and what is installed stays. "
                + "Correct its metadata.",
            ["action"] = "Reconcile",
            ["reportingController"] = "service-provider-ocm",
            ["reportingInstance"] = "service-provider-ocm",
            ["eventTime"] = Timestamps.MicroTime(now),
        });
    }
}
