using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The Event on a tenant namespace whose objects are orphaned.</summary>
public static class OrphanEvent
{
    /// <summary>
    /// Creates the Event. The same objects give the same name, so that a restarted controller does not report them again while the API
    /// server has the Event.
    /// </summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="tenant">The orphaned objects.</param>
    /// <param name="tenantNamespace">The tenant namespace.</param>
    /// <param name="now">The time.</param>
    public static KubeObject Of(Identity identity, OrphanedTenant tenant, KubeObject tenantNamespace, DateTimeOffset now)
    {
        var uids = string.Join('.', tenant.Objects.Select(each => each.Observed.Uid).Order(StringComparer.Ordinal));
        return new EventManifest(
            PlatformNames.Shorten($"{identity.Api.Group}--orphaned-objects.{uids}", PlatformNames.MaxNameLength),
            new JsonObject
            {
                ["apiVersion"] = Kinds.Namespace.ApiVersion,
                ["kind"] = Kinds.Namespace.Kind,
                ["namespace"] = tenant.Namespace,
                ["name"] = tenant.Namespace,
                ["uid"] = tenantNamespace.Uid,
            },
            "Warning",
            OrphanedTenant.Reason,
            tenant.Message,
            "Report",
            identity.ProviderName,
            now).ToObject();
    }
}
