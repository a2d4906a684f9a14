using NUnit.Framework;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Hostile;

/// <summary>OCMs that exceed a limit, in the sandbox.</summary>
[Category("Sandbox")]
public sealed class OverLimitTests() : OverLimitScenarios(() => ProviderWorld.InSandboxAsync());
