using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>What the ProviderConfig reports of the fleet, and the operations that its annotation requests, on the sandbox.</summary>
[Category("Sandbox")]
public sealed class ProviderConfigTests() : ProviderConfigScenarios(() => ProviderWorld.InSandboxAsync());
