namespace ServiceProviderOcm.Core.Model;

/// <summary>How an OCM stands: what its Ready condition and phase are to say.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Reason">Machine-readable cause, one of <see cref="Reasons"/>.</param>
/// <param name="Message">Cause and cure, for people.</param>
/// <param name="Severity">Whether somebody has to do something.</param>
public sealed record Verdict(Phase Phase, string Reason, string Message, Severity Severity)
{
    /// <summary>Everything is in place.</summary>
    public static Verdict Ready(string message) => new(Phase.Ready, Reasons.ReconcileSuccess, message, Severity.Success);

    /// <summary>Things take their course.</summary>
    public static Verdict Waiting(string reason, string message) => new(Phase.Progressing, reason, message, Severity.Waiting);

    /// <summary>Somebody has to do something.</summary>
    public static Verdict Fault(string reason, string message) => new(Phase.Progressing, reason, message, Severity.Fault);
}
