namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>A change on the clusters.</summary>
/// <param name="At">The local time at which it was seen.</param>
/// <param name="Subject">The OCM, or the namespace of an object of no OCM.</param>
/// <param name="Kind">The kind of the changed object.</param>
/// <param name="State">The state of the object, in a word.</param>
/// <param name="Message">A message about the state, or else the name of the object.</param>
internal sealed record StatusChange(DateTimeOffset At, string Subject, string Kind, string State, string Message);
