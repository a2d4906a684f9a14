using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>A source file of this repository, without its comments.</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Type = new SourceType(System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/'), System.IO.Path.GetFileNameWithoutExtension(path));
        Namespace = NamespaceLine().Match(text) is { Success: true } line ? line.Groups["name"].Value : null;
        DeclaresType = TypeLine().IsMatch(text);
        Imports = [.. ImportLine().Matches(text).Select(line => line.Groups["name"].Value)];
    }

    /// <summary>Below the root, without the common part of the projects' names: <c>Core/Model/Identity.cs</c>.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>The type that the file is named after.</summary>
    public SourceType Type { get; }

    /// <summary>Null: none is declared.</summary>
    public string? Namespace { get; }

    /// <summary>Whether a type is declared; files with attributes of the assembly declare none.</summary>
    public bool DeclaresType { get; }

    /// <summary>What the <c>using</c> lines name: namespaces, and types behind <c>static</c> and <c>=</c>.</summary>
    public IReadOnlyList<string> Imports { get; }

    public static IReadOnlyList<SourceFile> Of(string root, string project) =>
        [
            .. Directory.EnumerateFiles(System.IO.Path.Combine(root, $"ServiceProviderOcm.{project}"), "*.cs", SearchOption.AllDirectories)
                .Select(file => (File: file, Path: System.IO.Path.GetRelativePath(root, file)["ServiceProviderOcm.".Length..].Replace('\\', '/')))
                .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
                .Select(file => Parse(file.Path, File.ReadAllText(file.File))),
        ];

    public static SourceFile Parse(string path, string text) => new(path, Comment().Replace(text, ""));

    [GeneratedRegex(@"^\s*//.*$|(?<=[\s;])// .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|struct|record|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex ImportLine();
}
