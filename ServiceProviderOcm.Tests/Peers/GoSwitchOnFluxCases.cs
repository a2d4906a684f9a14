using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
[Needs(Peer.GoProvider, Peer.SourceController, Peer.HelmController, Peer.Registry)]
public sealed class GoSwitchOnFluxCases() : GoSwitchCases(hasRealFlux: true, hasRealGo: true);
