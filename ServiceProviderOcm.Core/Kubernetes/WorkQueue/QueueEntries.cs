namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>What a queue holds.</summary>
/// <param name="Waiting">The number of keys that wait, including those added again while they are being processed.</param>
/// <param name="Delayed">The number of keys that wait for their time.</param>
/// <param name="Processing">The number of keys in progress.</param>
/// <param name="BackingOff">The number of keys whose last processing failed.</param>
public readonly record struct QueueEntries(int Waiting, int Delayed, int Processing, int BackingOff);
