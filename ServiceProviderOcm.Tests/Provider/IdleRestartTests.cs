using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>Restarts and relists on the sandbox.</summary>
[Category("Sandbox")]
public sealed class IdleRestartTests() : IdleScenarios(() => ProviderWorld.InSandboxAsync(), ownsControlPlane: true);
