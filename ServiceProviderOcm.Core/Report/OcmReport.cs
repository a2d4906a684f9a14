using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The status and the Events that report the state of an OCM.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource; holds only for the version of the OCM that was observed.</param>
/// <param name="DebounceDelay">How long the state must last before it is written; a shorter state is never written.</param>
public sealed record OcmReport(JsonElement StatusPatch, TimeSpan DebounceDelay)
{
    /// <summary>The status is up to date.</summary>
    public static readonly OcmReport UpToDate = new(default, TimeSpan.Zero);

    /// <summary>Whether there is something to write.</summary>
    public bool HasChanges => StatusPatch.ValueKind != JsonValueKind.Undefined;

    /// <summary>
    /// The Event about the condition Ready; null if neither its status nor its reason changes, or the OCM makes progress.
    /// </summary>
    public KubeObject? ReadyEvent { get; init; }

    /// <summary>The Event about a version that its user should know something of; null if there is nothing, or nothing new.</summary>
    public KubeObject? WarningEvent { get; init; }

    /// <summary>The Events, which are created after the status is written.</summary>
    public IReadOnlyList<KubeObject> Events => [.. new[] { ReadyEvent, WarningEvent }.OfType<KubeObject>()];
}
