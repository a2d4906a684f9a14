using NUnit.Framework;
using ServiceProviderOcm.Tests.Peers.Processes;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
[Needs(Peer.SourceController, Peer.HelmController, Peer.Registry)]
public sealed class OperationOnFluxCases() : OperationCases(hasRealFlux: true);
