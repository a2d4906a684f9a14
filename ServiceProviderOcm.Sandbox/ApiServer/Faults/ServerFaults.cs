using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;

namespace ServiceProviderOcm.Sandbox.ApiServer.Faults;

/// <summary>Injects faults into a server. Thread-safe.</summary>
internal sealed class ServerFaults
{
    private readonly Lock _lock = new();
    private readonly List<Planned> _planned = [];
    private readonly Dictionary<string, CancellationTokenSource> _watches = [];

    /// <summary>Fails the next requests that match, before they are processed.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="code">The HTTP status code, such as 429 or 500.</param>
    /// <param name="which">The requests; the default is all writes.</param>
    /// <param name="retryAfter">The <c>Retry-After</c> header.</param>
    /// <param name="user">The user; the default is every user.</param>
    public void Fail(
        int count, int code, Predicate<RequestAttributes>? which = null, TimeSpan? retryAfter = null, string? user = null) => Plan(
        count,
        which,
        user,
        new FaultDecision { Error = new StatusException(code, Reason(code), "injected error") { RetryAfter = retryAfter } });

    /// <summary>Delays the next requests that match, before they are processed.</summary>
    public void Delay(int count, TimeSpan delay, Predicate<RequestAttributes>? which = null, string? user = null) =>
        Plan(count, which, user, new FaultDecision { Delay = delay });

    /// <summary>Processes the next requests that match, and aborts the connection instead of answering.</summary>
    public void DropAnswers(int count, Predicate<RequestAttributes>? which = null, string? user = null) =>
        Plan(count, which, user, new FaultDecision { DropsAnswer = true });

    /// <summary>Aborts the connections of all watches of a kind.</summary>
    /// <param name="plural">The kind's plural.</param>
    public void CutWatches(string plural)
    {
        CancellationTokenSource? cut;
        lock (_lock)
        {
            _watches.Remove(plural, out cut);
        }

        cut?.Cancel();
        cut?.Dispose();
    }

    /// <summary>Removes all faults that are planned.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _planned.Clear();
        }
    }

    /// <summary>The fault to inject into a request of a user.</summary>
    public FaultDecision Decide(RequestAttributes request, string user)
    {
        lock (_lock)
        {
            if (_planned.Find(fault => fault.Which(request) && (fault.User ?? user) == user) is not { } planned)
            {
                return FaultDecision.None;
            }

            if (--planned.Left == 0)
            {
                _planned.Remove(planned);
            }

            return planned.Decision;
        }
    }

    /// <summary>Cancelled when the watches of a kind are aborted.</summary>
    public CancellationToken WatchCut(string plural)
    {
        lock (_lock)
        {
            if (!_watches.TryGetValue(plural, out var cut))
            {
                _watches[plural] = cut = new CancellationTokenSource();
            }

            return cut.Token;
        }
    }

    private void Plan(int count, Predicate<RequestAttributes>? which, string? user, FaultDecision decision)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        lock (_lock)
        {
            _planned.Add(new Planned(which ?? (request => request.IsWrite), user, decision) { Left = count });
        }
    }

    private static string Reason(int code) => code switch
    {
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };

    private sealed record Planned(Predicate<RequestAttributes> Which, string? User, FaultDecision Decision)
    {
        public int Left { get; set; }
    }
}
