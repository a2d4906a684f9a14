using System.Globalization;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>A client as the controller has it, and a kind that it reads.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Options">The options.</param>
/// <param name="Objects">Good objects.</param>
internal sealed record ProductionClient(string Name, ResourceKind Kind, KubernetesApiOptions Options, IReadOnlyList<string> Objects)
{
    /// <summary>Who owns which fields.</summary>
    public const string Managed =
        """{"manager":"a","operation":"Apply","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{},"k:{\"b\":1}":{".":{}}}}}""";

    private const string Condition =
        """{"type":"Ready","status":"True","reason":"Done","message":"MESSAGE","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":2}""";

    private static readonly ProviderApi Api = new(ProviderApi.DefaultGroup);
    private static readonly string[] Always = ["name", "namespace", "uid", "resourceVersion", "generation", "deletionTimestamp"];

    private static readonly string Metadata =
        """{"name":"a","namespace":"n","resourceVersion":"1","uid":"u","generation":2,"labels":{"l":"v","openmcp.cloud/a":"b"},"""
        + "\"annotations\":{\"openmcp.cloud/operation\":\"ignore\",\"kubectl.kubernetes.io/last-applied-configuration\":\"{}\"},"
        + $"\"finalizers\":[\"f\"],\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"managedFields\":[{Managed}]}}";

    private static readonly string LongMessage =
        Condition.Replace("MESSAGE", string.Concat(Enumerable.Repeat("a\\n\\u00e9ü", 600)), StringComparison.Ordinal);

    // With its quotes, as long as the limit of memory allows.
    private static readonly string LongVersion = new('1', Projections.DefaultOcmFieldBytes - KubeObject.BytesPerToken - 2);

    /// <summary>The limit of memory for a field, by the field's path, as it is documented.</summary>
    public IReadOnlyDictionary<string, int> Limits { get; init; } = new Dictionary<string, int>();

    /// <summary>The paths of fields that are kept with all that is in them, apart from those that are kept of all kinds.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>The maximum number of levels of a field that is kept.</summary>
    public int MaxDepth { get; init; } = 10_000;

    /// <summary>All clients.</summary>
    public static IReadOnlyList<ProductionClient> All { get; } =
    [
        new(
            "OCM",
            Api.Ocm,
            ClientOptions.Default.For(Api),
            [
                Of($$$"""  "spec":{"version":"0.3.0","other":1},"status":{"phase":"Ready","observedGeneration":2,"conditions":[{{{Condition}}}],"resources":[{"kind":"A","name":"b"}]}  """),
                Of($$$"""  "spec":{"version":"{{{LongVersion}}}"},"status":{"conditions":[{{{LongMessage}}}]}  """),
            ])
        {
            Kept =
            [
                "metadata.finalizers", "metadata.creationTimestamp", "spec.version", "status.phase", "status.observedGeneration",
                "status.conditions", "status.resources",
            ],
            Limits = new Dictionary<string, int>
            {
                ["metadata.finalizers"] = Projections.DefaultOcmFieldBytes,
                ["spec.version"] = Projections.DefaultOcmFieldBytes,
                ["status"] = 64 << 10,
            },
            MaxDepth = 32,
        },
        new(
            "HelmRelease",
            PlatformKinds.HelmRelease,
            ClientOptions.Default.For(Api).WithSharedValues(),
            [
                Of($$$"""  "spec":{"interval":"1h","values":{"a":[1,{"b":null}],"c":1.50},"x":true},"status":{"conditions":[{{{Condition}}}],"history":[{"status":"deployed","chartVersion":"1","x":{}}]}  """),
                Of($$$"""  "spec":{"values":{"a":[[{}]]}},"status":{"conditions":[{{{Condition}}},{{{LongMessage}}}],"observedGeneration":2}  """),
            ])
        {
            Kept = ["spec.interval", "spec.x", "spec.values", "status.observedGeneration", "status.lastAttemptedRevision"],
        },
        new(
            "Secret",
            Kinds.Secret,
            ClientOptions.Default.For(Api).WithSharedValues(),
            [Of("\"type\":\"Opaque\",\"data\":{\"a\":\"QUFBQQ==\"},\"immutable\":true")])
        {
            Kept = ["type", "data", "immutable"],
            MaxDepth = 32,
        },
        new(
            "Secret of a control plane",
            Kinds.Secret,
            ClientOptions.ControlPlane.For(Api),
            [Of("\"type\":\"Opaque\",\"data\":{\"a\":\"QUFBQQ==\"}"), Of($"\"data\":{{{Fields(900)}}}"), Of($"\"data\":{{\"a\":[{Items(980)}]}}")])
        {
            Kept = ["type", "data", "immutable"],
            MaxDepth = 32,
        },
        new(
            "Repository of a control plane",
            PlatformKinds.Repository,
            ClientOptions.ControlPlane.For(Api),
            [Of($$$"""  "spec":{"a":[{"b":1}]},"status":{"conditions":[{{{Condition}}}]}  """)])
        {
            MaxDepth = 32,
        },
    ];

    /// <summary>The paths of all fields that are kept with all that is in them.</summary>
    public IEnumerable<string> Whole => Kept.Concat(Always.Select(name => $"metadata.{name}"));

    public override string ToString() => Name;

    private static string Of(string fields) => $"{{\"kind\":\"Any\",\"apiVersion\":\"v1\",\"metadata\":{Metadata},{fields.Trim()}}}";

    private static string Fields(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(field => string.Create(CultureInfo.InvariantCulture, $"\"k{field}\":\"\"")));

    private static string Items(int count) => string.Join(',', Enumerable.Repeat("1", count));
}
