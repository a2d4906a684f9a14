namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>Whether a queue makes progress.</summary>
/// <param name="Waiting">The number of keys that wait, including those added again while they are being processed.</param>
/// <param name="LongestRunning">For how long the oldest key in progress has been processed; zero if there is none.</param>
public sealed record QueueHealth(int Waiting, TimeSpan LongestRunning);
