using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Permissions that arrive late, on real API servers.</summary>
[Category("RealServer")]
public sealed class LatePermissionsRealTests() : LatePermissionsScenarios(() => ProviderWorld.OnSharedServersAsync(withPermissions: false));
