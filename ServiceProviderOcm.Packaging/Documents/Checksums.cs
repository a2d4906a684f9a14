using System.Security.Cryptography;
using System.Text;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>The file that <c>sha256sum --check</c> reads.</summary>
public static class Checksums
{
    /// <summary>The name of the file.</summary>
    public const string File = "sha256sums.txt";

    /// <summary>Writes the checksums of the files of a folder into that folder. What its subfolders have is in archives beside them.</summary>
    public static void Write(string folder)
    {
        var lines = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            using var content = System.IO.File.OpenRead(path);
            var name = Path.GetFileName(path);
            if (name != File)
            {
                lines.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(name).Append('\n');
            }
        }

        System.IO.File.WriteAllText(Path.Combine(folder, File), lines.ToString());
    }
}
