using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Sandbox.Demo;

public sealed class KeyedWorkersTests
{
    [Test]
    public async Task A_key_is_reconciled_after_its_delay()
    {
        var time = new FakeTimeProvider();
        var seen = new ConcurrentQueue<string>();
        var workers = new KeyedWorkers<string>((key, _) => Task.FromResult(Note(key)), time);
        using var stop = new CancellationTokenSource();
        var running = workers.RunAsync(stop.Token);

        workers.Add("later", TimeSpan.FromSeconds(2));
        workers.Add("now", TimeSpan.Zero);
        await Eventually.Async(() => !seen.IsEmpty, "a key is reconciled");
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(seen, Is.EqualTo(["now"]));

        time.Advance(TimeSpan.FromSeconds(0.1));

        await Eventually.Async(() => seen.Count == 2, "both keys are reconciled");
        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());

        bool Note(string key)
        {
            seen.Enqueue(key);
            return true;
        }
    }
}
