namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>The writes for the OCMs, and the errors of those that nothing is written for.</summary>
/// <param name="Steps">In the order of execution.</param>
/// <param name="Errors">Why an OCM would not be installed, one line each.</param>
/// <param name="Notices">OCMs without writes, one line each.</param>
public sealed record RenderResult(IReadOnlyList<RenderedStep> Steps, IReadOnlyList<string> Errors, IReadOnlyList<string> Notices);
