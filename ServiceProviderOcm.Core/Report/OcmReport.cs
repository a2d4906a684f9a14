using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>What is to be written so that an OCM says how it stands.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource; holds only for the version of the OCM that was observed.</param>
/// <param name="Event">The Event to go with it, if the cause is another one.</param>
/// <param name="Patience">How long the news has to hold before it is written; what is outdated by then is never written.</param>
public sealed record OcmReport(JsonElement StatusPatch, KubeObject? Event, TimeSpan Patience);
