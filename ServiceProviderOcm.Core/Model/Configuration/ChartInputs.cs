namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What to install: a version on offer, as the OCM asks for it.</summary>
/// <param name="Source">Where the chart comes from, and what it is installed with.</param>
/// <param name="Tag">The chart's tag.</param>
public sealed record ChartInputs(ChartSource Source, string Tag);
