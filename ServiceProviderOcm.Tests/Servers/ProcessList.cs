using System.Text;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The processes of this machine.</summary>
internal static class ProcessList
{
    /// <summary>Whether any process has a text in its command line.</summary>
    public static bool HasAny(string text) => Directory.EnumerateDirectories("/proc").Any(process => CommandLine(process).Contains(text, StringComparison.Ordinal));

    private static string CommandLine(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not a process, or has ended.
            return "";
        }
    }
}
