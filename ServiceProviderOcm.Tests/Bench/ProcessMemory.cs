using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The memory of a process as Linux counts it, sampled every 100 ms.</summary>
/// <param name="processId">The process.</param>
public sealed partial class ProcessMemory(int processId) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _status = $"/proc/{processId}/status";
    private readonly CancellationTokenSource _stop = new();
    private Task _sampling = Task.CompletedTask;

    /// <summary>The anonymous memory in the last sample, in bytes.</summary>
    public long Anonymous { get; private set; }

    /// <summary>The most anonymous memory in a sample, in bytes: what the process itself has allocated.</summary>
    public long PeakAnonymous { get; private set; }

    /// <summary>The most resident memory since the start of the process, in bytes; the kernel records it without samples.</summary>
    public long PeakResident { get; private set; }

    /// <summary>The most file-backed memory in a sample, in bytes: mapped assemblies and libraries, which the kernel can drop.</summary>
    public long PeakFileBacked { get; private set; }

    /// <summary>Starts sampling.</summary>
    public static ProcessMemory Sample(int processId)
    {
        var memory = new ProcessMemory(processId);
        memory._sampling = memory.SampleAsync();
        return memory;
    }

    /// <summary>Forgets the peaks so far, also the kernel's.</summary>
    public void Reset()
    {
        // See proc(5): 5 resets VmHWM.
        File.WriteAllText($"/proc/{processId}/clear_refs", "5");
        (PeakAnonymous, PeakResident, PeakFileBacked) = (0, 0, 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            do
            {
                var status = await File.ReadAllTextAsync(_status, _stop.Token);
                Anonymous = Bytes(status, "RssAnon");
                PeakAnonymous = Math.Max(PeakAnonymous, Anonymous);
                PeakFileBacked = Math.Max(PeakFileBacked, Bytes(status, "RssFile"));
                PeakResident = Math.Max(PeakResident, Bytes(status, "VmHWM"));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The process has ended, or the measurement.
        }
    }

    private static long Bytes(string status, string field)
    {
        var match = Fields().Matches(status).FirstOrDefault(match => match.Groups[1].Value == field);
        return match is null ? 0 : long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * 1024;
    }

    [GeneratedRegex(@"^(\w+):\s+([0-9]+) kB$", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
