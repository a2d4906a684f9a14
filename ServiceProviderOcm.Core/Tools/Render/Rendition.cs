namespace ServiceProviderOcm.Core.Tools.Render;

/// <summary>What would be written for the OCMs, and what would be said about those that nothing is written for.</summary>
/// <param name="Steps">In the order in which they would be carried out.</param>
/// <param name="Faults">Why an OCM would not be installed, one line each.</param>
/// <param name="Remarks">Which OCMs there is nothing to do for, one line each.</param>
public sealed record Rendition(IReadOnlyList<RenderedStep> Steps, IReadOnlyList<string> Faults, IReadOnlyList<string> Remarks);
