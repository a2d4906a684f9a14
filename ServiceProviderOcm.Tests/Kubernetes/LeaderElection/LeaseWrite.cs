namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>A candidate has written a Lease, or tried to.</summary>
/// <param name="Verb"><c>create</c> or <c>patch</c>.</param>
/// <param name="Holder">Who is to be the holder.</param>
/// <param name="Timestamp">When, by the test's monotonic clock.</param>
public sealed record LeaseWrite(string Verb, string Holder, long Timestamp);
