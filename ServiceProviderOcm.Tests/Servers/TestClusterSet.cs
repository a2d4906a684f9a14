namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The clusters that a service provider works with.</summary>
/// <param name="Servers">Stops them all when disposed.</param>
/// <param name="Platform">Where the provider, its configuration and Flux's objects live.</param>
/// <param name="Onboarding">Where the tenants' objects live.</param>
/// <param name="Mcp">One tenant's control plane.</param>
public sealed record TestClusterSet(IAsyncDisposable Servers, TestCluster Platform, TestCluster Onboarding, TestCluster Mcp);
