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
    /// <param name="exceeded">The limit because of which they are.</param>
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
    public static string MessageOf(string ns, int surplus, ExceededLimit exceeded)
    {
        var (which, fix) = exceeded.IsOfUnreadable
            ? ("of these", "Correct or delete OCMs that cannot be read")
            : ("of the newest", "Delete OCMs that are not needed, or ask a platform operator to raise the limit");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{CauseOf(ns, exceeded)} {surplus} {which} are only counted: their status is not written, and they are not installed or updated. What is installed stays. {fix}.");
    }

    private static string CauseOf(string ns, ExceededLimit exceeded) => exceeded switch
    {
        { IsOfUnreadable: true } => string.Create(
            CultureInfo.InvariantCulture,
            $"Namespace {ns} has {exceeded.Actual} OCMs that cannot be read, and the limit is {exceeded.Limit} {(exceeded.Setting.Length == 0 ? "per namespace" : $"of all namespaces, a fifth of {exceeded.Setting}")}."),
        { TotalUnit: { } unit } => string.Create(
            CultureInfo.InvariantCulture,
            $"All namespaces together have about {exceeded.Actual} {unit}, the limit is {exceeded.Limit} ({exceeded.Setting}), and namespace {ns} is one of those with the most."),
        _ => string.Create(
            CultureInfo.InvariantCulture, $"Namespace {ns} has {exceeded.Actual} OCMs, and the limit is {exceeded.Limit} ({exceeded.Setting})."),
    };
}
