using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Take-over from the Go provider on real API servers.</summary>
[Category("RealServer")]
public sealed class TakeOverRealTests() : TakeOverScenarios(() => ProviderWorld.OnSharedServersAsync(), ownsControlPlane: false);
