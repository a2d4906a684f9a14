using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Peers.Processes;

/// <summary>A program of <see cref="Peer"/> as a process, which ends with this one.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private readonly GuardedProcess _process;

    private PeerProcess(string name, GuardedProcess process) => (Name, _process) = (name, process);

    /// <summary>Its file name.</summary>
    public string Name { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="binaries">Where it is.</param>
    /// <param name="name">Its file name.</param>
    /// <param name="folder">The folder for its log.</param>
    /// <param name="environment">Variables besides those of this process.</param>
    /// <param name="arguments">The command line.</param>
    public static PeerProcess Start(
        PeerBinaries binaries, string name, string folder, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        string[] command = ["env", .. environment.Select(variable => $"{variable.Key}={variable.Value}"), binaries.PathOf(name), .. arguments];
        var log = Path.Combine(folder, $"{name}-{Guid.NewGuid():N}.log");
        return new PeerProcess(name, GuardedProcess.Start(command, log));
    }

    /// <summary>Waits until the program answers a path with success.</summary>
    /// <exception cref="InvalidOperationException">It ended or took too long; the message has the end of its log.</exception>
    public Task ReadyAsync(HttpClient http, string path) => Readiness.WaitAsync(Name, _process, http, path, CancellationToken.None);

    /// <summary>Waits until the program has ended by itself.</summary>
    public Task EndAsync() => Eventually.Async(() => _process.HasExited, $"{Name} ends");

    /// <summary>The last lines that the program has written.</summary>
    public string LogTail(int lines = 40) => _process.LogTail(lines);

    /// <summary>Kills the program.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
