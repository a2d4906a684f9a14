using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Orphans on real API servers.</summary>
[Category("RealServer")]
public sealed class OrphanRealTests() : OrphanScenarios(() => ProviderWorld.OnSharedServersAsync());
