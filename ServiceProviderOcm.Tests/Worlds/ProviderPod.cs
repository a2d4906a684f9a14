namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>A pod of the provider.</summary>
/// <param name="Name">Its name, which is in the Lease.</param>
/// <param name="Process">Its process.</param>
public sealed record ProviderPod(string Name, WorkerProcess Process);
