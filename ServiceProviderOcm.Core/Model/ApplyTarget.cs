namespace ServiceProviderOcm.Core.Model;

/// <summary>The object that a manifest is applied to. The server checks it, so that the object of another component is never modified.</summary>
public abstract record ApplyTarget
{
    private ApplyTarget()
    {
    }

    /// <summary>
    /// No object was observed: the step creates it. If there is one all the same, it is adopted if it is managed by the provider, and
    /// otherwise the step fails.
    /// </summary>
    public sealed record Missing : ApplyTarget;

    /// <summary>The managed object that was observed, and no later one of the same name.</summary>
    /// <param name="Uid">Its uid.</param>
    public sealed record Observed(string Uid) : ApplyTarget;

    /// <summary>An object that belongs to nobody, such as a namespace that several components use: created if it is missing.</summary>
    public sealed record Common : ApplyTarget;
}
