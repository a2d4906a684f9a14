namespace ServiceProviderOcm.Sandbox.ApiServer.Ownership;

/// <summary>One entry of <c>metadata.managedFields</c>: who has last set which fields, and how.</summary>
/// <param name="Owner">Who, and how.</param>
/// <param name="Time">When the entry last changed; RFC 3339.</param>
/// <param name="Fields">What.</param>
internal sealed record FieldManagerEntry(FieldOwner Owner, string? Time, FieldSet Fields);
