namespace ServiceProviderOcm.Core.Model;

/// <summary>The users' Repository objects on a control plane.</summary>
/// <param name="Status">How much is known.</param>
/// <param name="Names">The objects as <c>namespace/name</c>; empty also if the kind is not installed there.</param>
/// <param name="Error">Why the control plane is unreachable; empty if it is not.</param>
public sealed record ObservedUserObjects(ObservationStatus Status, IReadOnlyList<string> Names, string Error)
{
    /// <summary>Not watched, or not answered yet.</summary>
    public static readonly ObservedUserObjects Unknown = new(ObservationStatus.Unknown, [], "");

    /// <summary>Whether the control plane is regarded as unreachable because it sends more than a limit allows.</summary>
    public bool IsOverLimit { get; init; }

    /// <summary>What the control plane has answered.</summary>
    public static ObservedUserObjects Of(params IReadOnlyList<string> names) => new(ObservationStatus.Known, names, "");

    /// <summary>The control plane sends more than a limit allows.</summary>
    public static ObservedUserObjects OverLimit(string error) => Unreachable(error) with { IsOverLimit = true };

    /// <summary>The control plane is unreachable.</summary>
    public static ObservedUserObjects Unreachable(string error) => new(ObservationStatus.Unreachable, [], error);
}
