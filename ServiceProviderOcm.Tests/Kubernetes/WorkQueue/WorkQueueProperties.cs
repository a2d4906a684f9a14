using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Telemetry;

namespace ServiceProviderOcm.Tests.Kubernetes.WorkQueue;

public sealed class WorkQueueProperties
{
    private const int Keys = 4;

    private enum Act
    {
        Add,
        AddAfter,
        Take,
        Done,
        Advance,
    }

    private static readonly Gen<(Act Act, int Number)[]> Scripts =
        Gen.Elements(Enum.GetValues<Act>()).Zip(Gen.Choose(0, Keys - 1)).Select(pair => (pair.Item1, pair.Item2)).ArrayOf();

    [Test]
    public void In_whatever_order_things_happen_a_key_is_worked_on_once_at_a_time_and_never_lost() => Prop.ForAll(
            Scripts.ToArbitrary(),
            script =>
            {
                var time = new FakeTimeProvider();
                using var queue = new RateLimitingQueue(new WorkQueueOptions(), time, new Random(1), TestMetrics.Create().Queue);
                var world = new Bookkeeping(queue);
                foreach (var (act, number) in script)
                {
                    switch (act)
                    {
                        case Act.Add:
                            world.Add(number);
                            break;
                        case Act.AddAfter:
                            world.AddAfter(number);
                            break;
                        case Act.Take:
                            world.Take();
                            break;
                        case Act.Done:
                            world.Done(number);
                            break;
                        default:
                            time.Advance(TimeSpan.FromSeconds(number));
                            break;
                    }
                }

                time.Advance(TimeSpan.FromHours(1));
                world.Drain();
                return world.IsFine;
            })
        .QuickCheckThrowOnFailure();

    [Test]
    public async Task Several_workers_never_share_a_key_and_miss_none()
    {
        const int Additions = 2000;
        using var queue = new RateLimitingQueue(new WorkQueueOptions(), TimeProvider.System, new Random(1), TestMetrics.Create().Queue);
        var isBusy = new int[Keys];
        var added = new int[Keys];
        var seen = new int[Keys];
        var shared = new ConcurrentBag<int>();

        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is { } key)
            {
                var number = NumberOf(key);
                if (Interlocked.Exchange(ref isBusy[number], 1) == 1)
                {
                    shared.Add(number);
                }

                Volatile.Write(ref seen[number], Volatile.Read(ref added[number]));
                await Task.Yield();
                Interlocked.Exchange(ref isBusy[number], 0);
                queue.Done(key);
            }
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(number => Task.Run(() =>
        {
            for (var i = 0; i < Additions; i++)
            {
                Interlocked.Increment(ref added[number]);
                queue.Add(Key(number));
            }
        })));
        queue.ShutDown();
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(shared, Is.Empty);
        Assert.That(seen, Has.All.EqualTo(Additions), "what was added last has been looked at");
    }

    private static ObjectKey Key(int number) => new("ns", $"key-{number}");

    private static int NumberOf(ObjectKey key) => key.Name[^1] - '0';

    /// <summary>What has been asked of a queue, and whether it has done so.</summary>
    private sealed class Bookkeeping(RateLimitingQueue queue)
    {
        private readonly HashSet<int> _wanted = [];
        private readonly HashSet<int> _worked = [];

        public bool IsFine { get; private set; } = true;

        public void Add(int number)
        {
            _wanted.Add(number);
            queue.Add(Key(number));
        }

        public void AddAfter(int number)
        {
            _wanted.Add(number);
            queue.AddAfter(Key(number), TimeSpan.FromSeconds(number + 1));
        }

        public bool Take()
        {
            using var now = new CancellationTokenSource();
            var taking = queue.TakeAsync(now.Token).AsTask();
            if (!taking.IsCompletedSuccessfully)
            {
                now.Cancel();
                return false;
            }

            var number = NumberOf(taking.Result!.Value);
            IsFine &= _worked.Add(number);
            _wanted.Remove(number);
            return true;
        }

        public void Done(int number)
        {
            if (_worked.Remove(number))
            {
                queue.Done(Key(number));
            }
        }

        public void Drain()
        {
            do
            {
                foreach (var number in _worked.ToList())
                {
                    Done(number);
                }
            }
            while (Take());

            IsFine &= _wanted.Count == 0 && queue.Count == 0;
        }
    }
}
