using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
public sealed class UpgradeOnStandInCases() : UpgradeCases(hasRealFlux: false);
