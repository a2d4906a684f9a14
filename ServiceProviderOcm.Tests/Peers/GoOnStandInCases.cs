using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
[Needs(Peer.GoProvider)]
public sealed class GoOnStandInCases() : GoCases(hasRealFlux: false);
