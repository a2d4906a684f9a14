using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The status and the Event that report the state of an OCM.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource; holds only for the version of the OCM that was observed.</param>
/// <param name="Events">The Event, if the status or reason of the condition changes.</param>
/// <param name="DebounceDelay">How long the state must last before it is written; a shorter state is never written.</param>
public sealed record OcmReport(JsonElement StatusPatch, IReadOnlyList<KubeObject> Events, TimeSpan DebounceDelay)
{
    /// <summary>The status is up to date.</summary>
    public static readonly OcmReport UpToDate = new(default, [], TimeSpan.Zero);

    /// <summary>Whether there is something to write.</summary>
    public bool HasChanges => StatusPatch.ValueKind != JsonValueKind.Undefined;
}
