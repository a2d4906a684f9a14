using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Setup.Groups;

/// <summary>Which API group is served: exactly one of the nested types.</summary>
public abstract record GroupDecision
{
    private GroupDecision()
    {
    }

    /// <summary>One group is served.</summary>
    /// <param name="Api">The group.</param>
    /// <param name="Reason">Why this one, as the end of a sentence.</param>
    /// <param name="Warnings">What needs attention, one sentence each.</param>
    public sealed record Served(ProviderApi Api, string Reason, IReadOnlyList<string> Warnings) : GroupDecision
    {
        /// <summary>Whether OCMs of another group exist, as warnings say.</summary>
        public bool IsOtherInUse { get; init; }
    }

    /// <summary>No group is served.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Fix">What to do about it.</param>
    public abstract record Undecided(string Error, string Fix) : GroupDecision;

    /// <summary>More than one group is in use.</summary>
    /// <param name="Error">What is in use.</param>
    /// <param name="Fix">What to do about it.</param>
    public sealed record Ambiguous(string Error, string Fix) : Undecided(Error, Fix);

    /// <summary>What exists could not be read, and it may be what decides.</summary>
    /// <param name="Error">What could not be read.</param>
    /// <param name="Fix">What to do about it.</param>
    public sealed record Undetermined(string Error, string Fix) : Undecided(Error, Fix);
}
