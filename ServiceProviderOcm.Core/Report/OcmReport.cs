using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>What to write so that an OCM reports its state.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource; holds only for the version of the OCM that was observed.</param>
/// <param name="Events">The Event that goes with it, if the condition's status or reason changes.</param>
/// <param name="DebounceDelay">How long the state has to hold before it is written; what is outdated by then is never written.</param>
public sealed record OcmReport(JsonElement StatusPatch, IReadOnlyList<KubeObject> Events, TimeSpan DebounceDelay)
{
    /// <summary>The OCM reports its state already.</summary>
    public static readonly OcmReport UpToDate = new(default, [], TimeSpan.Zero);

    /// <summary>Whether there is something to write.</summary>
    public bool HasNews => StatusPatch.ValueKind != JsonValueKind.Undefined;
}
