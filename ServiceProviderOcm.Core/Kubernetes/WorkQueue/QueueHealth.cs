namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>What tells whether a queue moves.</summary>
/// <param name="Waiting">How many keys wait to be worked on now, those included that have come back while being worked on.</param>
/// <param name="LongestRunning">How long the key is being worked on that has been for longest; zero if there is none.</param>
public sealed record QueueHealth(int Waiting, TimeSpan LongestRunning);
