using System.Diagnostics;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>
/// A process that ends with this one, however that ends: a shell stands between the two and kills its child as soon as its
/// standard input, a pipe that only this process holds, is closed.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    // Signals to the whole terminal, such as Ctrl+C, shall not end the guard before its work is done.
    // In the background, a shell's standard input would be /dev/null: hence the detour by descriptor 3.
    // 137 is a child killed by signal 9, by us: one that ends by itself leaves its log behind.
    // The watcher ends with the child: it would kill whatever has the ID later, and be it a thread of this process.
    private const string Guard = """
        log=$1 folder=$2
        shift 2
        trap '' HUP INT TERM
        exec 3<&0 >"$log" 2>&1
        "$@" </dev/null 3<&- &
        child=$!
        { cat <&3 >/dev/null; kill -9 "$child"; } &
        watcher=$!
        wait "$child"
        code=$?
        kill -9 "$watcher" 2>/dev/null
        if [ "$code" = 137 ] && [ -n "$folder" ]; then rm -rf "$folder"; fi
        exit "$code"
        """;

    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _shell;
    private readonly string _log;

    private GuardedProcess(Process shell, string log)
    {
        _shell = shell;
        _log = log;
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _shell.HasExited;

    /// <summary>Starts a command.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="log">The file for its output.</param>
    /// <param name="folder">A folder to remove once the process was made to end; null for none.</param>
    public static GuardedProcess Start(IEnumerable<string> command, string log, string? folder = null)
    {
        var start = new ProcessStartInfo("sh", ["-c", Guard, "guard", log, folder ?? "", .. command]) { RedirectStandardInput = true };
        return new GuardedProcess(Process.Start(start) ?? throw new InvalidOperationException("sh cannot be started"), log);
    }

    /// <summary>The last lines that the process has written.</summary>
    public string LogTail(int lines = 20) =>
        File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(lines)) : "(no log)";

    /// <summary>Kills the process and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        using var timeout = new CancellationTokenSource(EndsWithin, TimeProvider.System);
        await _shell.WaitForExitAsync(timeout.Token);
        _shell.Dispose();
    }
}
