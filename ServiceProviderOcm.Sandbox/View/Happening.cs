namespace ServiceProviderOcm.Sandbox.View;

/// <summary>Something that has changed on the clusters.</summary>
/// <param name="At">When it was seen, in local time.</param>
/// <param name="Subject">The OCM that it concerns, or the namespace where it concerns none.</param>
/// <param name="Kind">The kind of the object that has changed.</param>
/// <param name="State">How the object stands, in a word.</param>
/// <param name="Message">More about that, or the name of an object that there is no more to say about.</param>
internal sealed record Happening(DateTimeOffset At, string Subject, string Kind, string State, string Message);
