using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>
/// The fields of each kind that are kept in memory: all that observations, plans and reports read, and all that drift is detected in.
/// Tenants and their control planes decide how large other fields are.
/// </summary>
public static class Projections
{
    /// <summary>The default limit of memory for each of the fields of an OCM that its users write.</summary>
    public const int DefaultOcmFieldBytes = 4 << 10;

    // Conditions and managed resources: what the provider writes itself, and what others with the permission to write a status add.
    private const int MaxOcmStatusBytes = 64 << 10;
    private const int LongestOperation = 64;
    private const int LongestMark = 512;

    // Controllers quote control planes in them. At most 512 bytes are shown, and no escape is longer than 6 bytes per character.
    private const int ConditionMessageBytes = 4 << 10;

    // The fields that are kept of kinds that tenants and their control planes write are flat.
    private const int MaxTenantDepth = 32;

    private static readonly string[] Labels = ["openmcp.cloud/*", "app.kubernetes.io/*"];

    /// <summary>The projections of all kinds that informers watch.</summary>
    /// <param name="api">The API group.</param>
    /// <param name="ocmFieldBytes">The limit of memory for the finalizers of an OCM, and for its version.</param>
    public static IReadOnlyDictionary<ResourceKind, Projection> Of(ProviderApi api, int ocmFieldBytes = DefaultOcmFieldBytes) => new Dictionary<ResourceKind, Projection>(
        api.Others.Select(OfOther))
    {
        [api.Ocm] = Projection.Of(
            ["metadata", "finalizers"],
            ["metadata", "creationTimestamp"],
            ["spec", "version"],
            ["status", "observedGeneration"],
            ["status", "phase"],
            ["status", "conditions"],
            ["status", "revision"],
            ["status", "resources"])
            .WithMarks(api)
            .WithLimit(["metadata", "finalizers"], OcmField("metadata.finalizers", ocmFieldBytes))
            .WithLimit(["spec", "version"], OcmField("spec.version", ocmFieldBytes))
            .WithLimit(["status"], new FieldLimit("OcmStatusBytes", "status", MaxOcmStatusBytes)) with
        {
            HasOwnership = false,
            MaxDepth = MaxTenantDepth,
        },
        [api.ProviderConfig] = Projection.Of(["spec"], ["status"]).WithMarks(api) with { HasOwnership = false },
        [Kinds.Namespace] = Projection.Of(["metadata", "labels"]) with { HasOwnership = false, MaxDepth = MaxTenantDepth },
        [PlatformKinds.ClusterRequest] = WithShortMessages(Projection.Of(
            ["status", "phase"], ["status", "observedGeneration"], ["status", "conditions"])) with
        { HasOwnership = false, IsKeptAsText = true },
        [PlatformKinds.AccessRequest] = WithShortMessages(Managed(
            api,
            ["spec"],
            ["metadata", "annotations", ObjectNames.ControlPlaneObjectsAnnotation(api)],
            ["metadata", "annotations", ObjectNames.UnlabelledCopiesAnnotation(api)],
            ["metadata", "finalizers"],
            ["metadata", "creationTimestamp"],
            ["status", "phase"],
            ["status", "observedGeneration"],
            ["status", "conditions"],
            ["status", "secretRef"])) with
        { IsKeptAsText = true },
        [Kinds.Secret] = Managed(api, ["type"], ["data"], ["immutable"]) with { MaxDepth = MaxTenantDepth },
        [Kinds.ConfigMap] = Managed(api, ["data"], ["immutable"]) with { MaxDepth = MaxTenantDepth },
        [Kinds.ControllerRevision] = Projection.Of(
            ["metadata", "labels", $"{api.Group}/*"], ["data", "spec"], ["revision"]) with
        { HasOwnership = false },
        [PlatformKinds.OciRepository] = WithShortMessages(Managed(
            api,
            ["metadata", "annotations", ObjectNames.UpdatedAtAnnotation(api)],
            ["metadata", "annotations", ObjectNames.WasReadyAnnotation(api)],
            ["spec"],
            ["status", "conditions"],
            ["status", "observedGeneration"],
            ["status", "artifact", "revision"])) with
        { IsKeptAsText = true },
        [PlatformKinds.HelmRelease] = WithShortMessages(Managed(
            api,
            ["metadata", "annotations", ObjectNames.UpdatedAtAnnotation(api)],
            ["metadata", "annotations", ObjectNames.WasReadyAnnotation(api)],
            ["spec"],
            ["status", "conditions"],
            ["status", "observedGeneration"],
            ["status", "lastAttemptedReleaseAction"],
            ["status", "lastAttemptedRevision"],
            ["status", "lastAttemptedRevisionDigest"],
            ["status", "history", "status"],
            ["status", "history", "chartVersion"],
            ["status", "history", "ociDigest"])) with
        { IsKeptAsText = true },
    };

    /// <summary>The projections of kinds that are discovered: of the users' objects, nothing is read but that they exist.</summary>
    public static IReadOnlyDictionary<string, Projection> OfGroups { get; } = new Dictionary<string, Projection>(StringComparer.Ordinal)
    {
        [PlatformKinds.ToolkitGroup] = Projection.Of() with { HasOwnership = false, MaxDepth = MaxTenantDepth },
    };

    // The OCMs of another group are only counted.
    private static KeyValuePair<ResourceKind, Projection> OfOther(ProviderApi api) => new(
        api.Ocm,
        Projection.Of().WithMarks(api) with
        {
            HasOwnership = false,
            MaxDepth = MaxTenantDepth,
        });

    // What they request of the controller.
    private static Projection WithMarks(this Projection projection, ProviderApi api) => projection
        .WithText(["metadata", "annotations", Operation.Annotation], LongestOperation)
        .WithText(["metadata", "annotations", ObjectNames.MigrationAnnotation(api)], LongestMark);

    private static FieldLimit OcmField(string field, int bytes) => new("OcmFieldBytes", field, bytes, FlagPrefix: "--max-");

    private static Projection WithShortMessages(Projection projection) =>
        projection.WithBeginning(["status", "conditions", "message"], ConditionMessageBytes);

    private static Projection Managed(ProviderApi api, params IEnumerable<IReadOnlyList<string>> paths) => Projection.Of(
        [
            .. paths,
            ["metadata", "annotations", ObjectNames.MigrationAnnotation(api)],
            .. Labels.Append($"{api.Group}/*").Select(label => (IReadOnlyList<string>)["metadata", "labels", label]),
        ]);
}
