namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>A row of the table: what the types of a folder may use besides each other.</summary>
/// <param name="Folder">Without the folders in it, which have rows of their own.</param>
/// <param name="MayUse">Folders of rows above; <c>/*</c> at the end stands for all folders below it.</param>
internal sealed record Layer(string Folder, params string[] MayUse)
{
    public static bool Covers(string pattern, string folder) =>
        pattern.EndsWith("/*", StringComparison.Ordinal)
            ? folder.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : folder == pattern;
}
