using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Provider;

/// <summary>The built Worker as a process, as its users run it.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly TextWriter _log = TestContext.Out;

    private WorkerProcess(Process process) => Process = process;

    public Process Process { get; }

    public IReadOnlyCollection<string> Output => _output;

    public static WorkerProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "ServiceProviderOcm.Worker.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker.Process.OutputDataReceived += (_, line) => worker.Take(line.Data);
        worker.Process.ErrorDataReceived += (_, line) => worker.Take(line.Data);
        worker.Process.Start();
        worker.Process.BeginOutputReadLine();
        worker.Process.BeginErrorReadLine();
        return worker;
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
        await Process.WaitForExitAsync(patience.Token);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            _log.WriteLine(line);
        }
    }
}
