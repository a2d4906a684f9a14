using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Worker.Endpoints;

namespace ServiceProviderOcm.Tests.Endpoints;

public sealed class AccessCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    [Test]
    public void Many_tokens_neither_exceed_the_size_of_the_cache_nor_evict_valid_entries()
    {
        var cache = new AccessCache(new FakeTimeProvider());
        cache.Set("scraper", AccessDecision.Allowed, Lifetime);
        for (var token = 0; token < 2000; token++)
        {
            cache.Set($"flood-{token}", AccessDecision.Unauthenticated, Lifetime);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cache.TryGet("scraper", out var kept));
            Assert.That(kept, Is.EqualTo(AccessDecision.Allowed));
            Assert.That(Enumerable.Range(0, 2000).Count(token => cache.TryGet($"flood-{token}", out _)), Is.EqualTo(AccessCache.MaxRejected));
        }
    }

    [Test]
    public void Expired_entries_are_evicted()
    {
        var time = new FakeTimeProvider();
        var cache = new AccessCache(time);
        for (var token = 0; token < 2000; token++)
        {
            cache.Set($"flood-{token}", AccessDecision.Unauthenticated, Lifetime);
        }

        time.Advance(Lifetime);
        cache.Set("scraper", AccessDecision.Allowed, Lifetime);
        Assert.That(cache.TryGet("scraper", out _));
    }
}
