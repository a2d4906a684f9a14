namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>What a change of a ServiceProvider led to.</summary>
/// <param name="InitCode">The exit code of <c>init</c>.</param>
/// <param name="Init">The process of <c>init</c>.</param>
/// <param name="Ended">The exit codes of the pods that were replaced.</param>
public sealed record OperatorUpdate(int InitCode, WorkerProcess Init, IReadOnlyList<int> Ended);
