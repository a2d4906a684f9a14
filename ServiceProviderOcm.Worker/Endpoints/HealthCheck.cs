namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>One check of a probe.</summary>
/// <param name="Probe">The probe that it counts for.</param>
/// <param name="Name">What is checked, such as <c>onboarding access</c>.</param>
/// <param name="Error">
/// Says what is wrong, or null if nothing is. Called with every probe: must be quick, thread-safe, and free of secrets.
/// </param>
public sealed record HealthCheck(Probe Probe, string Name, Func<string?> Error);
