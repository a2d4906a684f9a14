using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// The built Worker as a process, as its users run it; or the published one, whose path is in <c>SERVICE_PROVIDER_OCM_WORKER</c>.
/// A shell stands between, which ends it when this process has ended, however that was. The built sandbox can be run in the same way.
/// </summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    // Without job control (-m), what runs in the background would ignore SIGINT. So would all that runs below something that ignores it,
    // such as tests in the background of a script: GNU env resets that.
    // The watcher ends with the child: it would kill whatever has the ID later, and be it a thread of this process. Disowned, its end is not
    // reported.
    private const string Guard = """
        heed=
        if env --default-signal=INT true 2>/dev/null; then heed='env --default-signal=INT'; fi
        set -m
        exec 3<&0
        $heed "$@" </dev/null 3<&- &
        child=$!
        set +m
        echo "$child"
        { cat <&3; kill -9 "$child"; } >/dev/null 2>&1 &
        watcher=$!
        disown "$watcher"
        wait "$child"
        code=$?
        kill -9 "$watcher" 2>/dev/null
        exit "$code"
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TextWriter _log = TestContext.Out;

    private readonly Process _shell;
    private readonly Task _reading;

    private WorkerProcess(Process shell)
    {
        _shell = shell;
        Id = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        _reading = Task.WhenAll(ReadAsync(shell.StandardOutput, _output), ReadAsync(shell.StandardError, _errors));
    }

    /// <summary>The process ID, also of a Worker that has ended.</summary>
    public int Id { get; }

    public bool HasExited => _shell.HasExited;

    /// <summary>The lines on standard output.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>The lines on standard error.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts <c>run</c> or another command; health probes are on a free port unless the environment sets one.</summary>
    public static WorkerProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        string[] program = Environment.GetEnvironmentVariable("SERVICE_PROVIDER_OCM_WORKER") is { Length: > 0 } published
            ? [published]
            : Built("ServiceProviderOcm.Worker");
        return Start(program, arguments, environment);
    }

    /// <summary>Starts the sandbox.</summary>
    public static WorkerProcess StartSandbox(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment) =>
        Start(Built("ServiceProviderOcm.Sandbox"), arguments, environment);

    /// <summary>Starts another program in the same way.</summary>
    public static WorkerProcess StartProgram(string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment) =>
        Start([path], arguments, environment);

    private static string[] Built(string assembly) => ["dotnet", Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")];

    private static WorkerProcess Start(
        IEnumerable<string> program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", Guard, "guard", .. program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ServiceProvider__HealthProbeBindAddress"] = "127.0.0.1:0";
        // For the tests' process, by .runsettings.
        start.Environment.Remove("DOTNET_GCgen0size");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(Process.Start(start) ?? throw new InvalidOperationException("bash cannot be started"));
    }

    /// <summary>Where the Worker listens, from its log.</summary>
    /// <param name="what"><c>health probes</c> or <c>metrics</c>.</param>
    public async Task<Uri> UrlAsync(string what) => new(await Eventually.Async(
        () => Task.FromResult(_output.Select(line => Regex.Match(line, $"Listening for {what} on (https?://[0-9.:]+)"))
            .FirstOrDefault(match => match.Success)?.Groups[1].Value),
        url => url is not null,
        $"the Worker says where it listens for {what}") + "/");

    public Task LogsAsync(string text) => Eventually.Async(
        () => _output.Concat(_errors).Any(line => line.Contains(text, StringComparison.Ordinal)), $"the Worker says \"{text}\"");

    /// <summary>Asks the process to end, as Ctrl+C does, and returns its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        await SignalAsync("INT");
        return await EndAsync();
    }

    /// <summary>Asks the Worker to end, as Kubernetes does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>Ends the Worker without giving it any notice.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Keeps the Worker from doing anything, as a machine does that is short of memory or processors.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets a frozen Worker go on where it was.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits until the Worker has ended by itself, and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        await _shell.WaitForExitAsync(timeout.Token);
        await _reading;
        return _shell.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        await _reading;
        _shell.Dispose();
    }

    private async Task SignalAsync(string name)
    {
        // Another process may have the ID.
        if (HasExited)
        {
            return;
        }

        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private async Task ReadAsync(StreamReader output, ConcurrentQueue<string> lines)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            await _log.WriteLineAsync(line);
        }
    }
}
