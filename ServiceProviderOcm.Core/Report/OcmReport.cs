using System.Text.Json;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Core.Report;

/// <summary>What is to be written so that an OCM says how it stands.</summary>
/// <param name="StatusPatch">Merge patch for the status subresource.</param>
/// <param name="Event">The Event to go with it, if the cause is another one.</param>
/// <param name="IsUrgent">
/// Whether it has to be written at once. What only says how far things have got may wait a moment, as it is often
/// outdated by then.
/// </param>
public sealed record OcmReport(JsonElement StatusPatch, KubeObject? Event, bool IsUrgent);
