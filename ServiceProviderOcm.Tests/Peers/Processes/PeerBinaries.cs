namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>The folder with the programs of <see cref="Peer"/>; some or all of them may be missing.</summary>
/// <param name="folder">The folder; null or empty if there is none.</param>
public sealed class PeerBinaries(string? folder)
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "PEERS_BIN";

    /// <summary>The folder of this process's environment.</summary>
    public static PeerBinaries Current { get; } = new(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Why these programs cannot be run, in one line; null if all of them can.</summary>
    public string? MissingReason(params IEnumerable<string> names)
    {
        if (string.IsNullOrEmpty(folder))
        {
            return $"{Variable} is not set: {string.Join(", ", names)} required";
        }

        if (!Directory.Exists(folder))
        {
            return $"{Variable} is {folder}, which is not a folder";
        }

        List<string> reasons = [];
        var missing = names.Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        if (missing.Count > 0)
        {
            reasons.Add($"{string.Join(", ", missing)} missing in {Variable} ({folder})");
        }

        var inert = names.Except(missing).Where(name => !IsExecutable(Path.Combine(folder, name))).ToList();
        if (inert.Count > 0)
        {
            reasons.Add($"{string.Join(", ", inert)} not executable in {Variable} ({folder})");
        }

        return reasons.Count > 0 ? string.Join("; ", reasons) : null;
    }

    /// <summary>The full path of a program.</summary>
    /// <exception cref="InvalidOperationException">It cannot be run; the message is that of <see cref="MissingReason"/>.</exception>
    public string PathOf(string name) =>
        MissingReason(name) is { } reason ? throw new InvalidOperationException(reason) : Path.GetFullPath(Path.Combine(folder!, name));

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
