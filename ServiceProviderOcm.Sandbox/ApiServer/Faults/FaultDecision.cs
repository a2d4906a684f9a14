using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Faults;

/// <summary>The fault to inject into one request.</summary>
internal sealed record FaultDecision
{
    /// <summary>No fault.</summary>
    public static readonly FaultDecision None = new();

    /// <summary>The error to answer with; null: none.</summary>
    public StatusException? Error { get; init; }

    /// <summary>The delay before the request is processed.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the connection is aborted instead of answering.</summary>
    public bool DropsAnswer { get; init; }
}
