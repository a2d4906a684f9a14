using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
public sealed class GoSwitchReplayedCases() : GoSwitchCases(hasRealFlux: false, hasRealGo: false);
