using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Restarts and relists on real API servers.</summary>
[Category("RealServer")]
public sealed class IdleRestartRealTests() : IdleScenarios(() => ProviderWorld.OnSharedServersAsync(), ownsControlPlane: false);
