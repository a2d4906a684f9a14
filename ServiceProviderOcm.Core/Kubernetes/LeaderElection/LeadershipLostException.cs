namespace ServiceProviderOcm.Core.Kubernetes.LeaderElection;

/// <summary>The lease was lost, so that the work under way had to end at once.</summary>
public sealed class LeadershipLostException(string message, Exception inner) : Exception(message, inner);
