using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class AnsweringStreamTests
{
    private const long NoLimit = long.MaxValue / 2;

    private static readonly byte[] Ping = Http2Frame.Of(Http2Frame.Ping, new byte[8]);
    private static readonly byte[] Data = Http2Frame.Of(Http2Frame.Data, new byte[AnsweringStream.BytesPerAnswer], stream: 1);

    private static IEnumerable<TestCaseData> Answered()
    {
        yield return new TestCaseData(Ping) { TestName = "{m}(PING)" };
        yield return new TestCaseData(Data) { TestName = "{m}(data)" };
    }

    [TestCaseSource(nameof(Answered))]
    public async Task A_server_that_reads_nothing_is_cut_off_after_as_many_frames_as_one_write_can_answer(byte[] frame)
    {
        using var server = new Server();
        await using var stream = Stream(server);
        var write = stream.WriteAsync(new byte[1]).AsTask();

        await SendAsync(server, stream, frame, AnsweringStream.MaxDue);
        var error = await Assert.ThrowsAsync<TooLongException>(() => SendAsync(server, stream, frame, 1));

        Assert.That(error!.Excess.Describe(null), Is.EqualTo(
            "there are 1025 answers that the server has not read, and the limit is 1024 (limit unread_answers)"));
        Assert.That(server.IsClosed);
        Assert.That((await Assert.ThrowsAsync<TooLongException>(() => write))!.Excess, Is.EqualTo(error.Excess));
    }

    [Test]
    public async Task A_server_that_reads_may_go_on()
    {
        using var server = new Server();
        await using var stream = Stream(server);

        for (var round = 0; round < 10; round++)
        {
            var write = stream.WriteAsync(new byte[1]);
            await SendAsync(server, stream, Ping, 1000);
            server.Read();
            await write;
        }

        Assert.That(server.IsClosed, Is.False);
    }

    [Test]
    public async Task Frames_count_as_traffic_as_much_as_what_they_cost()
    {
        using var server = new Server();
        await using var stream = Stream(server, groupTraffic: 100 * AnsweringStream.BytesPerAnswer);

        await SendAsync(server, stream, Ping, 100);
        var error = await Assert.ThrowsAsync<TooLongException>(() => SendAsync(server, stream, Ping, 1));

        Assert.That(error!.Excess.MetricName, Is.EqualTo("group_traffic"));
    }

    private static AnsweringStream Stream(Server server, long groupTraffic = NoLimit)
    {
        var options = new ReadBudgetOptions { OwnTraffic = 0, GroupTraffic = groupTraffic, SharedTraffic = NoLimit };
        return new AnsweringStream(server, new ReadBudget(options, new FakeTimeProvider()).Open("a"));
    }

    private static async Task SendAsync(Server server, AnsweringStream stream, byte[] frame, int count)
    {
        var buffer = new byte[Data.Length];
        for (var number = 0; number < count; number++)
        {
            server.Sends = frame;
            Assert.That(await stream.ReadAsync(buffer), Is.EqualTo(frame.Length));
        }
    }

    // What is written ends when it is read.
    private sealed class Server : MemoryStream
    {
        private TaskCompletionSource _reading = new();

        public byte[] Sends { get; set; } = [];

        public bool IsClosed { get; private set; }

        public void Read() => Interlocked.Exchange(ref _reading, new TaskCompletionSource()).SetResult();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Sends.CopyTo(buffer);
            return ValueTask.FromResult(Sends.Length);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(_reading.Task);

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            _reading.TrySetException(new ObjectDisposedException("connection"));
            base.Dispose(disposing);
        }
    }
}
