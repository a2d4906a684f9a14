using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>OCMs that exceed a limit, on real API servers.</summary>
[Category("RealServer")]
public sealed class OverLimitRealTests() : OverLimitScenarios(() => ProviderWorld.OnSharedServersAsync());
