using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// Tests of what only real API servers prove. Each has a world of its own on the clusters of the run: an API group, names and namespaces
/// that no other test uses.
/// </summary>
/// <param name="withDefinitions">Whether the CustomResourceDefinitions of the provider are installed.</param>
[Category("RealServer")]
public abstract class SharedServersFixture(bool withDefinitions = true)
    : WorldFixture(() => ProviderWorld.OnSharedServersAsync(withDefinitions: withDefinitions));
