using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Naming;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The manifest of an Event (<c>events.k8s.io/v1</c>), within the limits of its fields.</summary>
/// <param name="Name">The name of the Event.</param>
/// <param name="Regarding">The reference to the object that it is about, with its namespace.</param>
/// <param name="Type"><c>Normal</c> or <c>Warning</c>.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Note">The message; cut if it is too long.</param>
/// <param name="Action">What the controller did.</param>
/// <param name="Instance">The reporting instance; shortened if it is too long.</param>
/// <param name="Time">When it happened.</param>
internal sealed record EventManifest(
    string Name, JsonObject Regarding, string Type, string Reason, string Note, string Action, string Instance, DateTimeOffset Time)
{
    private const string Controller = "service-provider-ocm";

    // Where Kubernetes has the Events about objects without a namespace.
    private const string DefaultNamespace = "default";

    /// <summary>The name of an Event about an object, which is different at any other time.</summary>
    public static string NameOf(string subject, DateTimeOffset time) =>
        NameOf(subject, time.UtcTicks.ToString("x", CultureInfo.InvariantCulture));

    /// <summary>The name of an Event about an object, which is the same for the same text.</summary>
    public static string NameOf(string subject, string unique)
    {
        const int LongestName = 253;
        var room = LongestName - 1 - unique.Length;
        return $"{(subject.Length <= room ? subject : subject[..room].TrimEnd('-', '.'))}.{unique}";
    }

    /// <summary>A reference to an object.</summary>
    public static JsonObject ReferenceTo(ResourceKind kind, ObjectKey key, string uid, string resourceVersion)
    {
        var reference = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind };
        if (key.Namespace.Length > 0)
        {
            reference["namespace"] = key.Namespace;
        }

        reference["name"] = key.Name;
        reference["uid"] = uid;
        reference["resourceVersion"] = resourceVersion;
        return reference;
    }

    /// <summary>The manifest.</summary>
    public KubeObject ToObject()
    {
        const int LongestNote = 1024;
        const int LongestInstance = 128;
        return KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Event.ApiVersion,
            ["kind"] = Kinds.Event.Kind,
            ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Regarding["namespace"]?.GetValue<string>() ?? DefaultNamespace },
            ["regarding"] = Regarding.DeepClone(),
            ["type"] = Type,
            ["reason"] = Reason,
            ["note"] = ForeignText.Cut(Note, LongestNote),
            ["action"] = Action,
            ["reportingController"] = Controller,
            ["reportingInstance"] = PlatformNames.Shorten(Instance, LongestInstance),
            ["eventTime"] = Timestamps.MicroTime(Time),
        });
    }
}
