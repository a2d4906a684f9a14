namespace ServiceProviderOcm.Core.Model;

/// <summary>The users' objects on a control plane: those of all kinds of the toolkit's API group.</summary>
/// <param name="Status">How much is known.</param>
/// <param name="Kinds">The kinds of which there are objects, in order; empty also if no kind is installed there.</param>
/// <param name="Error">Why the control plane is unreachable; empty if it is not.</param>
public sealed record ObservedUserObjects(ObservationStatus Status, IReadOnlyList<UserObjectsOfKind> Kinds, string Error)
{
    /// <summary>How long a list without objects may be relied on. Nobody watches what is created after it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    /// <summary>Not listed, or not answered yet.</summary>
    public static readonly ObservedUserObjects Unknown = new(ObservationStatus.Unknown, [], "");

    /// <summary>Whether the control plane is regarded as unreachable because it sends more than a limit allows.</summary>
    public bool IsOverLimit { get; init; }

    /// <summary>Whether that limit is no setting.</summary>
    public bool IsFixedLimit { get; init; }

    /// <summary>When the objects were listed; null while they are watched.</summary>
    public DateTimeOffset? ListedAt { get; init; }

    /// <summary>What the control plane has answered.</summary>
    public static ObservedUserObjects Of(params IEnumerable<UserObjectsOfKind> kinds) => new(
        ObservationStatus.Known, [.. kinds.Where(kind => kind.Count > 0).OrderBy(kind => kind.Kind, StringComparer.Ordinal)], "");

    /// <summary>The control plane sends more than a limit allows.</summary>
    /// <param name="error">What exceeds which limit.</param>
    /// <param name="isFixedLimit">Whether the limit is no setting.</param>
    public static ObservedUserObjects OverLimit(string error, bool isFixedLimit = false) =>
        Unreachable(error) with { IsOverLimit = true, IsFixedLimit = isFixedLimit };

    /// <summary>The control plane is unreachable.</summary>
    public static ObservedUserObjects Unreachable(string error) => new(ObservationStatus.Unreachable, [], error);

    /// <summary>Whether objects may have been created after they were listed.</summary>
    public bool IsOutdated(DateTimeOffset now) => now - ListedAt > MaxAge;
}
