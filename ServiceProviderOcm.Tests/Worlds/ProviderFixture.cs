using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Tests of behavior. Each has a world of its own, on clusters of the sandbox that no other test uses.</summary>
/// <param name="api">The API group; the default one unless another is named.</param>
[Category("Sandbox")]
public abstract class ProviderFixture(ProviderApi? api = null) : WorldFixture(() => ProviderWorld.InSandboxAsync(api));
