namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>Reads <c>CHANGELOG.md</c>.</summary>
public static class Changelog
{
    private const string Unreleased = "Unreleased";

    /// <summary>The section of a version, or that of what is not released.</summary>
    /// <param name="changelog">The file.</param>
    /// <param name="version">The version, such as <c>0.1.7</c>. Its heading is <c>## 0.1.7</c>, with or without brackets and a date.</param>
    /// <param name="isReleased">Whether the version must have a section.</param>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string Section(string changelog, string version, bool isReleased)
    {
        var lines = changelog.Split('\n');
        var start = Array.FindIndex(lines, line => Heading(line) == version);
        if (start < 0 && !isReleased)
        {
            start = Array.FindIndex(lines, line => Heading(line) == Unreleased);
        }

        if (start < 0)
        {
            throw new InvalidDataException($"CHANGELOG.md has no section \"## {version}\". Rename \"## {Unreleased}\" to it");
        }

        return string.Join('\n', lines.Skip(start + 1).TakeWhile(line => Heading(line) is null)).Trim() + "\n";
    }

    private static string? Heading(string line) =>
        line.StartsWith("## ", StringComparison.Ordinal) ? line[3..].Split(' ')[0].Trim('[', ']', '\r') : null;
}
