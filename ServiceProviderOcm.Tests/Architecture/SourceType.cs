namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>A top-level type of this repository.</summary>
/// <param name="Folder">Project and folder, such as <c>Core/Kubernetes/Client</c>.</param>
/// <param name="Name">Without the namespace.</param>
internal sealed record SourceType(string Folder, string Name)
{
    private const string RootNamespace = "ServiceProviderOcm.";

    /// <returns>Null: the type is not of this repository, or the compiler made it.</returns>
    public static SourceType? Of(string space, string name) =>
        space.StartsWith(RootNamespace, StringComparison.Ordinal) && !name.StartsWith('<')
            ? new SourceType(space[RootNamespace.Length..].Replace('.', '/'), Plain(name))
            : null;

    public override string ToString() => $"{Folder}/{Name}";

    private static string Plain(string name) => name.Split('`')[0];
}
