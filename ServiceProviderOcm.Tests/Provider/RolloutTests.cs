using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>How a changed ProviderConfig reaches the OCMs, on the sandbox.</summary>
[Category("Sandbox")]
public sealed class RolloutTests() : RolloutScenarios(() => ProviderWorld.InSandboxAsync());
