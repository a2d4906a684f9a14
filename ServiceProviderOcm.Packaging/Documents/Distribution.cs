namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>A distribution, as its file <c>os-release</c> names it.</summary>
/// <param name="Id">Such as <c>debian</c>.</param>
/// <param name="Version">Such as <c>12</c>; empty if the file has none.</param>
public sealed record Distribution(string Id, string Version)
{
    /// <summary>That of an image without such a file.</summary>
    public static readonly Distribution Unknown = new("debian", "");

    /// <summary>Both, such as <c>debian-12</c>; empty without a version.</summary>
    public string FullName => Version.Length == 0 ? "" : $"{Id}-{Version}";

    /// <summary>Reads the file.</summary>
    /// <param name="release">Its content: lines <c>NAME=VALUE</c>, with or without quotes.</param>
    public static Distribution Parse(string release)
    {
        var lines = release.Split('\n').Select(line => line.Trim().Split('=', 2)).Where(parts => parts.Length == 2);
        string? Value(string name) => lines.LastOrDefault(parts => parts[0] == name)?[1].Trim('"', '\'');
        return new Distribution(Value("ID") ?? Unknown.Id, Value("VERSION_ID") ?? "");
    }
}
