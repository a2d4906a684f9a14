namespace ServiceProviderOcm.Tests.Faults;

/// <summary>
/// The requests and watch events of the controller in one run, each by a name that it has in every run, and the point of the disturbance
/// among them. Thread-safe.
/// </summary>
/// <param name="disturbance">What is to happen; null in the undisturbed run.</param>
internal sealed class Trace(Disturbance? disturbance)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];
    private readonly List<string> _events = [];
    private readonly List<string> _log = [];
    private TaskCompletionSource? _hold;
    private bool _isRecording;

    /// <summary>The requests, apart from those before <see cref="Start"/>.</summary>
    public IReadOnlyList<string> Requests => Copy(_requests);

    /// <summary>The watch events, apart from those before <see cref="Start"/>.</summary>
    public IReadOnlyList<string> Events => Copy(_events);

    /// <summary>The requests and the watch events.</summary>
    public IEnumerable<string> Points => Requests.Concat(Events);

    /// <summary>What happened, for the message of a failure.</summary>
    public IReadOnlyList<string> Log => Copy(_log);

    /// <summary>Whether the disturbance has happened.</summary>
    public bool IsDisturbed { get; private set; }

    /// <summary>Whether views of the controller are held back now.</summary>
    public bool IsHolding => Volatile.Read(ref _hold) is { Task.IsCompleted: false };

    /// <summary>Whether what was held back has been released.</summary>
    public bool IsReleased => Volatile.Read(ref _hold) is { Task.IsCompleted: true };

    /// <summary>Records from now on, and disturbs.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isRecording = true;
        }
    }

    /// <summary>A request is about to be sent; returns what is to happen to it.</summary>
    public DisturbanceKind? OnRequest(string name) => On(name, _requests, Disturbance.OfRequests);

    /// <summary>A watch event has arrived; returns what is to happen to it.</summary>
    public DisturbanceKind? OnEvent(string name) => On(name, _events, Disturbance.OfEvents);

    /// <summary>Adds a line to the log.</summary>
    public void Note(string line)
    {
        lock (_lock)
        {
            if (_isRecording)
            {
                _log.Add(line);
            }
        }
    }

    /// <summary>Ends when what is held back is released.</summary>
    public Task HoldAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _hold.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Releases what is held back; nothing is held back any more in this run.</summary>
    public void Release()
    {
        Note("released");
        _hold?.TrySetResult();
    }

    private DisturbanceKind? On(string name, List<string> names, IReadOnlyList<DisturbanceKind> kinds)
    {
        lock (_lock)
        {
            if (!_isRecording)
            {
                return null;
            }

            var occurrence = _occurrences[name] = _occurrences.GetValueOrDefault(name) + 1;
            var point = $"{name} #{occurrence}";
            names.Add(point);
            if (IsDisturbed || disturbance is null || disturbance.Point != point || !kinds.Contains(disturbance.Kind))
            {
                _log.Add(point);
                return null;
            }

            IsDisturbed = true;
            _log.Add($"{point}  <-- {disturbance.Kind}");
            return disturbance.Kind;
        }
    }

    private IReadOnlyList<string> Copy(List<string> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
