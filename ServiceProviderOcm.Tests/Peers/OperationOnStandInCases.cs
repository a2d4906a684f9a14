using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Peers;

/// <inheritdoc/>
[NonParallelizable]
public sealed class OperationOnStandInCases() : OperationCases(hasRealFlux: false);
