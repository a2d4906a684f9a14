using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The same on real API servers.</summary>
[Category("RealServer")]
public sealed class RolloutRealTests() : RolloutScenarios(() => ProviderWorld.OnSharedServersAsync());
