using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class MeteredStreamTests
{
    private const int Kilobyte = 1 << 10;

    private static readonly ReadBudgetOptions Options = new()
    {
        OwnMemory = 0,
        GroupMemory = 1 << 30,
        OwnTraffic = 0,
        GroupTraffic = 1 << 20,
    };

    // w is a write, and a number so many kilobytes read.
    [TestCase("64", 0, TestName = "A_handshake_may_take_all_of_the_traffic")]
    [TestCase("65", 1, TestName = "The_first_answer_counts_16_times")]
    [TestCase("w 32 w 33", 1, TestName = "The_second_answer_counts_16_times")]
    [TestCase("w w w 1024", 0, TestName = "Requests_may_be_answered_with_all_of_the_traffic")]
    [TestCase("w w w 1000 25", 1, TestName = "What_follows_the_handshake_counts_once")]
    [TestCase("w 32 w 16 w 256 1", 1, TestName = "Both_count_together")]
    public async Task Traffic_is_charged(string events, int exceeded)
    {
        using var share = new ReadBudget(Options, new FakeTimeProvider()).Open("a");
        await using var stream = new MeteredStream(new Endless(), share);

        Assert.That(await PlayAsync(stream, events), Is.EqualTo(exceeded));
    }

    [TestCase("w 8 w w 100", 0)]
    [TestCase("w 9", 16)]
    [TestCase("w 5 w 5", 32)]
    [TestCase("w 5 w 5 w 100", 32)]
    public async Task A_handshake_beyond_the_usual_length_takes_memory_until_the_connection_ends(string events, int kilobytes)
    {
        var budget = new ReadBudget(Options, new FakeTimeProvider());
        using var share = budget.Open("a");
        await using (var stream = new MeteredStream(new Endless(), share))
        {
            await PlayAsync(stream, events);
            Assert.That(budget.UsedMemory, Is.EqualTo(kilobytes * Kilobyte));
        }

        Assert.That(budget.UsedMemory, Is.Zero);
    }

    [Test]
    public async Task Connections_beyond_the_usual_number_take_memory()
    {
        var budget = new ReadBudget(Options, new FakeTimeProvider());
        using var share = budget.Open("a");
        for (var round = 0; round < 2; round++)
        {
            var streams = Enumerable.Range(0, 6).Select(_ => new MeteredStream(new Endless(), share)).ToList();
            foreach (var stream in streams)
            {
                await PlayAsync(stream, "w 1");
            }

            Assert.That(budget.UsedMemory, Is.EqualTo(2 * MeteredStream.ConnectionBytes));
            streams.ForEach(stream => stream.Dispose());
            Assert.That(budget.UsedMemory, Is.Zero);
        }
    }

    [Test]
    public async Task A_connection_that_is_evicted_fails_where_it_waits()
    {
        var budget = new ReadBudget(Options with { SharedMemory = 100 * Kilobyte }, new FakeTimeProvider());
        using var one = budget.Open("a");
        using var other = budget.Open("b");
        var server = new Endless();
        await using var stream = new MeteredStream(server, one);
        await PlayAsync(stream, "w 13");
        server.IsSilent = true;
        var reading = stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        other.OpenMemory().Resize(30 * Kilobyte);

        Assert.That((await Assert.ThrowsAsync<TooLongException>(() => reading))!.Excess.MetricName, Is.EqualTo("shared_memory"));
    }

    // Returns how often reading has failed.
    private static async Task<int> PlayAsync(MeteredStream stream, string events)
    {
        var failures = 0;
        foreach (var each in events.Split(' '))
        {
            if (each == "w")
            {
                await stream.WriteAsync(new byte[1]);
                continue;
            }

            try
            {
                await stream.ReadExactlyAsync(new byte[int.Parse(each) * Kilobyte]);
            }
            catch (TooLongException)
            {
                failures++;
            }
        }

        return failures;
    }

    private sealed class Endless : MemoryStream
    {
        public bool IsSilent { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await (IsSilent ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken) : Task.CompletedTask);
            return buffer.Length;
        }
    }
}
