namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>The result of a check.</summary>
/// <param name="Name">What was checked; the same from one run to the next.</param>
/// <param name="Status">Its outcome.</param>
/// <param name="Message">What the check found. Never the content of a Secret.</param>
/// <param name="Fix">What to do about it; empty if no action is needed.</param>
public sealed record CheckResult(string Name, CheckStatus Status, string Message, string Fix)
{
    /// <summary>The prerequisite is met.</summary>
    public static CheckResult Ok(string name, string message) => new(name, CheckStatus.Ok, message, Fix: "");

    /// <summary>Nothing fails now, but it needs attention.</summary>
    public static CheckResult Warning(string name, string message, string fix) => new(name, CheckStatus.Warning, message, fix);

    /// <summary>The prerequisite is not met.</summary>
    public static CheckResult Failed(string name, string message, string fix) => new(name, CheckStatus.Failed, message, fix);

    /// <summary>The check did not run.</summary>
    public static CheckResult Skipped(string name, string message) => new(name, CheckStatus.Skipped, message, Fix: "");
}
