using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Reads the files that a kubeconfig names, such as certificates and tokens, up to the maximum size of a kubeconfig.</summary>
internal static class ConfigFile
{
    /// <summary>What is wrong with a file that is too large.</summary>
    public static readonly string TooLarge =
        string.Create(CultureInfo.InvariantCulture, $"is larger than the limit of {KubeconfigText.MaxLength} bytes");

    /// <summary>Reads a text.</summary>
    /// <param name="path">The file. It may be one that has no end.</param>
    /// <param name="text">The text; empty if it is too large.</param>
    /// <returns>Whether it is at most <see cref="KubeconfigText.MaxLength"/> bytes long.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool TryRead(string path, out string text)
    {
        text = "";
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        Span<byte> part = stackalloc byte[4096];
        while (file.Read(part) is > 0 and var count)
        {
            content.Write(part[..count]);
            if (content.Length > KubeconfigText.MaxLength)
            {
                return false;
            }
        }

        content.Position = 0;
        using var reader = new StreamReader(content);
        text = reader.ReadToEnd();
        return true;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KubeconfigException">It is too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static string Read(string path) => TryRead(path, out var text) ? text : throw new KubeconfigException($"{path}: {TooLarge}");
}
