using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
[Needs(Peer.GoProvider)]
public sealed class GoSwitchOnStandInCases() : GoSwitchCases(hasRealFlux: false, hasRealGo: true);
