using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>Caches decisions by the hash of the token, with a limit. Thread-safe.</summary>
internal sealed class AccessCache(TimeProvider time)
{
    // Far more than the number of scrapers. A flood of tokens only causes repeated reviews.
    private const int Capacity = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _known = new(StringComparer.Ordinal);

    public bool TryGet(string token, [NotNullWhen(true)] out AccessDecision? decision)
    {
        lock (_lock)
        {
            decision = _known.TryGetValue(Key(token), out var entry) && !IsOver(entry) ? entry.Decision : null;
            return decision is not null;
        }
    }

    public void Set(string token, AccessDecision decision, TimeSpan lifetime)
    {
        lock (_lock)
        {
            if (_known.Count >= Capacity)
            {
                foreach (var (key, entry) in _known)
                {
                    if (IsOver(entry))
                    {
                        _known.Remove(key);
                    }
                }
            }

            if (_known.Count < Capacity)
            {
                _known[Key(token)] = new Entry(decision, time.GetTimestamp(), lifetime);
            }
        }
    }

    private bool IsOver(Entry entry) => time.GetElapsedTime(entry.Since) >= entry.Lifetime;

    private sealed record Entry(AccessDecision Decision, long Since, TimeSpan Lifetime);

    private static string Key(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
