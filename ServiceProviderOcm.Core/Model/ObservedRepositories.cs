namespace ServiceProviderOcm.Core.Model;

/// <summary>What is known of the users' Repository objects on a control plane.</summary>
/// <param name="IsKnown">Whether the control plane has answered.</param>
/// <param name="Names">The objects as <c>namespace/name</c>; empty also if the kind is not installed there.</param>
/// <param name="Problem">Why the control plane cannot be asked, if it cannot.</param>
public sealed record ObservedRepositories(bool IsKnown, IReadOnlyList<string> Names, string? Problem)
{
    /// <summary>Nobody has looked, or the answer has not come yet.</summary>
    public static readonly ObservedRepositories NotYetKnown = new(IsKnown: false, [], Problem: null);

    /// <summary>The control plane has answered.</summary>
    public static ObservedRepositories Of(params IReadOnlyList<string> names) => new(IsKnown: true, names, Problem: null);

    /// <summary>The control plane cannot be asked.</summary>
    public static ObservedRepositories Unreachable(string problem) => new(IsKnown: false, [], problem);
}
