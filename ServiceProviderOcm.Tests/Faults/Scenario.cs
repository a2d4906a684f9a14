namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What happens to one OCM, as steps; after each of them, all becomes idle.</summary>
/// <param name="Name">The name.</param>
/// <param name="Setup">The steps before, which are not disturbed.</param>
/// <param name="Steps">The steps.</param>
internal sealed record Scenario(string Name, IReadOnlyList<Func<FaultWorld, Task>> Setup, IReadOnlyList<Func<FaultWorld, Task>> Steps)
{
    /// <summary>Whether watches may begin with the objects that exist; without, informers list page by page.</summary>
    public bool HasWatchList { get; init; } = true;

    public override string ToString() => Name;
}
