using ServiceProviderOcm.Sandbox.Errors;

namespace ServiceProviderOcm.Sandbox.Faults;

/// <summary>What is to happen to one request.</summary>
internal sealed record FaultDecision
{
    /// <summary>Nothing out of the ordinary.</summary>
    public static readonly FaultDecision None = new();

    /// <summary>How it is refused; null where it is not.</summary>
    public StatusException? Refusal { get; init; }

    /// <summary>How long it waits first.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the connection is broken instead of answering.</summary>
    public bool DropsAnswer { get; init; }
}
