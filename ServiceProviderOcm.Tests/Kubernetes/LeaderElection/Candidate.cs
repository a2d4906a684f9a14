using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.LeaderElection;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Logs;

namespace ServiceProviderOcm.Tests.Kubernetes.LeaderElection;

/// <summary>A replica that acquires the Lease, and whose work continues until the test ends it or the Lease is lost.</summary>
public sealed class Candidate : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Candidate(IKubernetesApi api, TimeProvider time, string identity = "we", LeaderElectionOptions? options = null)
    {
        Elector = new LeaderElector(
            api, new ObjectKey("n", "l"), identity, options ?? new LeaderElectionOptions(), time, new Random(1), Log);
        Running = Elector.RunAsync(WorkAsync, _stop.Token);
    }

    public LeaderElector Elector { get; }

    public LogLines<LeaderElector> Log { get; } = new();

    /// <summary>Ends when the candidate no longer takes part.</summary>
    public Task Running { get; }

    public bool HasBegun => _began.Task.IsCompleted;

    /// <summary>Whether the work is cancelled.</summary>
    public bool IsCutOff { get; private set; }

    public Task LeadsAsync() => Eventually.Async(() => HasBegun, "it leads");

    /// <summary>Waits until the log has this.</summary>
    public Task LogsAsync(string text) => Eventually.Async(
        () => Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"it says \"{text}\"");

    /// <summary>Requests a stop; running work continues.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Ends the work.</summary>
    public void Finish(Exception? failure = null)
    {
        if (failure is null)
        {
            _work.TrySetResult();
        }
        else
        {
            _work.TrySetException(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Finish();
        await Running.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(20));
        _stop.Dispose();
    }

    private async Task WorkAsync(CancellationToken lost)
    {
        _began.SetResult();
        try
        {
            await _work.Task.WaitAsync(lost);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            IsCutOff = true;
        }
    }
}
