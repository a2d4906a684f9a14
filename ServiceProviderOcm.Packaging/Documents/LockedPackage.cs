namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>A package of the locked graph, or a project in it.</summary>
/// <param name="Name">Its ID.</param>
/// <param name="Version">Its version.</param>
/// <param name="ContentHash">NuGet's hash of its content, as in the lock file; null for a project, and for packs of the SDK.</param>
/// <param name="IsProject">Whether it is a project of the repository.</param>
/// <param name="IsDirect">Whether the program refers to it.</param>
/// <param name="Dependencies">The IDs of those that it refers to.</param>
public sealed record LockedPackage(string Name, string Version, string? ContentHash, bool IsProject, bool IsDirect, IReadOnlyList<string> Dependencies);
