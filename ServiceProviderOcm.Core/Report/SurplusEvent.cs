using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The Event on a namespace of the onboarding cluster with so many OCMs that some are only counted.</summary>
internal static class SurplusEvent
{
    /// <summary>Creates the Event. All of one hour have the same name, so that the API server has at most one, also after a restart.</summary>
    /// <param name="identity">The identity of the provider.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="surplus">How many OCMs are only counted.</param>
    /// <param name="exceeded">The limit of the namespace.</param>
    /// <param name="now">The time.</param>
    public static KubeObject Of(Identity identity, string ns, int surplus, ExceededLimit exceeded, DateTimeOffset now)
    {
        var hour = now.ToUnixTimeSeconds() / (long)TimeSpan.FromHours(1).TotalSeconds;
        return new EventManifest(
            PlatformNames.Shorten(
                string.Create(CultureInfo.InvariantCulture, $"{identity.Api.Group}--too-many-ocms.{hour}"), PlatformNames.MaxNameLength),
            new JsonObject
            {
                ["apiVersion"] = Kinds.Namespace.ApiVersion,
                ["kind"] = Kinds.Namespace.Kind,
                ["namespace"] = ns,
                ["name"] = ns,
            },
            "Warning",
            Reasons.LimitExceeded,
            MessageOf(ns, surplus, exceeded),
            "Report",
            identity.ProviderName,
            now).ToObject();
    }

    /// <summary>What is wrong, and what to do.</summary>
    public static string MessageOf(string ns, int surplus, ExceededLimit exceeded) => string.Create(
        CultureInfo.InvariantCulture,
        $"{CauseOf(ns, exceeded)} {surplus} of the newest are only counted: their status is not written, and they are not installed or updated. What is installed stays. Delete OCMs that are not needed, or ask a platform operator to raise the limit.");

    private static string CauseOf(string ns, ExceededLimit exceeded) => exceeded.TotalUnit is { } unit
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"All namespaces together have about {exceeded.Actual} {unit}, the limit is {exceeded.Limit} ({exceeded.Setting}), and namespace {ns} is one of those with the most.")
        : string.Create(
            CultureInfo.InvariantCulture, $"Namespace {ns} has {exceeded.Actual} OCMs, and the limit is {exceeded.Limit} ({exceeded.Setting}).");
}
