using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;
using ServiceProviderOcm.Tests.Support.Queues;

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

    private static readonly Gen<(Act Act, int Number, TestReasons TestReasons)[]> Scripts =
        Gen.Elements(Enum.GetValues<Act>())
            .Zip(Gen.Choose(0, Keys - 1))
            .Zip(Gen.Elements(TestReasons.Changed, TestReasons.Interval, TestReasons.Retry))
            .Select(triple => (triple.Item1.Item1, triple.Item1.Item2, triple.Item2))
            .ArrayOf();

    [TestCase(int.MaxValue)]
    [TestCase(1)]
    public void In_any_order_of_calls_no_key_is_processed_twice_at_once_and_no_key_and_no_reason_is_lost_or_invented(int maxRunning) => Prop.ForAll(
            Scripts.ToArbitrary(),
            script =>
            {
                var time = new FakeTimeProvider();
                using var queue = TestQueue.Create(time, new WorkQueueOptions { MaxRunningPerNamespace = maxRunning });
                var model = new QueueModel(queue, maxRunning);
                foreach (var (act, number, why) in script)
                {
                    switch (act)
                    {
                        case Act.Add:
                            model.Add(number, why);
                            break;
                        case Act.AddAfter:
                            model.AddAfter(number, why);
                            break;
                        case Act.Take:
                            model.Take();
                            break;
                        case Act.Done:
                            model.Done(number);
                            break;
                        default:
                            time.Advance(TimeSpan.FromSeconds(number));
                            model.Advance(TimeSpan.FromSeconds(number));
                            break;
                    }
                }

                time.Advance(TimeSpan.FromHours(1));
                model.Advance(TimeSpan.FromHours(1));
                model.Drain();
                return model.IsFine;
            })
        .QuickCheckThrowOnFailure();

    [TestCase(int.MaxValue)]
    [TestCase(1)]
    public async Task Several_workers_never_process_a_key_at_the_same_time_and_miss_none(int maxRunning)
    {
        const int Additions = 2000;
        using var queue = TestQueue.Create(TimeProvider.System, new WorkQueueOptions { MaxRunningPerNamespace = maxRunning });
        var isBusy = new int[Keys];
        var added = new int[Keys];
        var seen = new int[Keys];
        var shared = new ConcurrentBag<int>();

        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await foreach (var (key, _) in queue.TakeAllAsync(CancellationToken.None))
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
                queue.Add(Key(number), TestReasons.Changed);
            }
        })));
        queue.ShutDown();
        await Task.WhenAll(workers).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(shared, Is.Empty);
        Assert.That(seen, Has.All.EqualTo(Additions), "the last addition of each key has been processed");
    }

    private static ObjectKey Key(int number) => new($"ns-{number % 2}", $"key-{number}");

    private static int NumberOf(ObjectKey key) => key.Name[^1] - '0';

    /// <summary>A simple model of what the queue must hand out, compared with what it does.</summary>
    private sealed class QueueModel(RateLimitingQueue<TestReasons> queue, int maxRunning)
    {
        private readonly TestReasons[] _waiting = new TestReasons[Keys];
        private readonly (TimeSpan Due, TestReasons TestReasons)?[] _delayed = new (TimeSpan, TestReasons)?[Keys];
        private readonly HashSet<int> _processing = [];
        private TimeSpan _now;

        public bool IsFine { get; private set; } = true;

        public void Add(int number, TestReasons why)
        {
            Wait(number, why);
            queue.Add(Key(number), why);
        }

        public void AddAfter(int number, TestReasons why)
        {
            var due = _now + TimeSpan.FromSeconds(number + 1);
            _delayed[number] = _delayed[number] switch
            {
                { } earlier when earlier.Due < due => earlier,
                { } same when same.Due == due => (due, same.TestReasons | why),
                _ => (due, why),
            };
            queue.AddAfter(Key(number), TimeSpan.FromSeconds(number + 1), why);
        }

        public void Advance(TimeSpan time)
        {
            _now += time;
            for (var number = 0; number < Keys; number++)
            {
                if (_delayed[number] is { } delayed && delayed.Due <= _now)
                {
                    _delayed[number] = null;
                    Wait(number, delayed.TestReasons);
                }
            }
        }

        public bool Take()
        {
            if (queue.TakeNow() is not { } taken)
            {
                IsFine &= Enumerable.Range(0, Keys).All(
                    number => _waiting[number] == TestReasons.None || _processing.Contains(number) || Running(number) == maxRunning);
                return false;
            }

            var number = NumberOf(taken.Key);
            IsFine &= _processing.Add(number) && Running(number) <= maxRunning && taken.Reasons == _waiting[number];
            _waiting[number] = TestReasons.None;
            return true;
        }

        public void Done(int number)
        {
            if (_processing.Remove(number))
            {
                queue.Done(Key(number));
            }
        }

        public void Drain()
        {
            do
            {
                foreach (var number in _processing.ToList())
                {
                    Done(number);
                }
            }
            while (Take());

            IsFine &= _waiting.All(why => why == TestReasons.None) && queue.Count == 0;
        }

        // How many of its namespace.
        private int Running(int number) => _processing.Count(other => Key(other).Namespace == Key(number).Namespace);

        // A key that begins to wait supersedes its delay.
        private void Wait(int number, TestReasons why)
        {
            if (_waiting[number] == TestReasons.None)
            {
                _delayed[number] = null;
            }

            _waiting[number] |= why;
        }
    }
}
