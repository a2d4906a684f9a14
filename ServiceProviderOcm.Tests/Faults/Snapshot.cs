using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>All clusters while idle, from which runs start.</summary>
/// <param name="States">The objects of each cluster.</param>
/// <param name="Now">The time.</param>
/// <param name="HasWatchList">Whether watches may begin with the objects that exist.</param>
internal sealed record Snapshot(IReadOnlyList<StoreState> States, DateTimeOffset Now, bool HasWatchList);
