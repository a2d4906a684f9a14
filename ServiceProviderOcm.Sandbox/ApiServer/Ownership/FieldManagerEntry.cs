namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>An entry of <c>metadata.managedFields</c>.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Time">The time of its last change; RFC 3339.</param>
/// <param name="Fields">The fields.</param>
internal sealed record FieldManagerEntry(FieldOwner Owner, string? Time, FieldSet Fields);
