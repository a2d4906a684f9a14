using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>
/// The built Worker as a process, as its users run it; or the published one, whose path <c>SERVICE_PROVIDER_OCM_WORKER</c> says.
/// A shell stands between, which ends it when this process has ended, however that was.
/// </summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        child=$!
        echo "$child"
        { cat <&3; kill -9 "$child"; } >/dev/null 2>&1 &
        wait "$child"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly TextWriter _log = TestContext.Out;

    private readonly Process _shell;
    private readonly Task _reading;

    private WorkerProcess(Process shell)
    {
        _shell = shell;
        Process = Process.GetProcessById(int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
        _reading = Task.WhenAll(ReadAsync(shell.StandardOutput), ReadAsync(shell.StandardError));
    }

    public Process Process { get; }

    public IReadOnlyCollection<string> Output => _output;

    public static WorkerProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        string[] program = Environment.GetEnvironmentVariable("SERVICE_PROVIDER_OCM_WORKER") is { Length: > 0 } published
            ? [published]
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, "ServiceProviderOcm.Worker.dll")];
        var start = new ProcessStartInfo("sh", ["-c", Guard, "guard", .. program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(Process.Start(start) ?? throw new InvalidOperationException("sh cannot be started"));
    }

    public Task SaysAsync(string text) => Eventually.Async(
        () => _output.Any(line => line.Contains(text, StringComparison.Ordinal)), $"the Worker says \"{text}\"");

    /// <summary>Asks the Worker to end, as Kubernetes does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await EndAsync();
    }

    /// <summary>Waits until the Worker has ended by itself, and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _shell.WaitForExitAsync(patience.Token);
        return _shell.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        await _reading;
        _shell.Dispose();
        Process.Dispose();
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            await _log.WriteLineAsync(line);
        }
    }
}
