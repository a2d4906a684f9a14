using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Caches decisions by the hash of the token. Allowed and rejected tokens have limits of their own, so that a flood of invalid tokens
/// evicts no scraper. Thread-safe.
/// </summary>
internal sealed class AccessCache(TimeProvider time)
{
    /// <summary>The maximum number of allowed tokens; far more than the number of scrapers.</summary>
    public const int MaxAllowed = 100;

    /// <summary>The maximum number of rejected tokens.</summary>
    public const int MaxRejected = 1000;

    private readonly Lock _lock = new();
    private readonly LruMap<string, Entry> _allowed = new(MaxAllowed);
    private readonly LruMap<string, Entry> _rejected = new(MaxRejected);

    /// <summary>The decision on a token while it holds.</summary>
    public bool TryGet(string token, [NotNullWhen(true)] out AccessDecision? decision)
    {
        var key = KeyOf(token);
        lock (_lock)
        {
            decision = _allowed.TryGet(key, out var entry) || _rejected.TryGet(key, out entry)
                ? !IsOver(entry) ? entry.Decision : null
                : null;
            return decision is not null;
        }
    }

    /// <summary>Whether the latest decision on a token allowed it, also if that has to be reviewed again.</summary>
    public bool WasAllowed(string token)
    {
        lock (_lock)
        {
            return _allowed.TryGet(KeyOf(token), out _);
        }
    }

    /// <summary>Records a decision.</summary>
    public void Set(string token, AccessDecision decision, TimeSpan lifetime)
    {
        var key = KeyOf(token);
        lock (_lock)
        {
            _allowed.Remove(key);
            _rejected.Remove(key);
            (decision.IsAllowed ? _allowed : _rejected).Set(key, new Entry(decision, time.GetTimestamp(), lifetime));
        }
    }

    /// <summary>The key of a token: the token itself is not kept.</summary>
    public static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private bool IsOver(Entry entry) => time.GetElapsedTime(entry.Since) >= entry.Lifetime;

    private sealed record Entry(AccessDecision Decision, long Since, TimeSpan Lifetime);
}
