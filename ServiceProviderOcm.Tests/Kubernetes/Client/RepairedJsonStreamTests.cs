using System.Text;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class RepairedJsonStreamTests
{
    private const string Sent = """"\ud800" "\ud83d\ude00" "\ude00" "\\ud800" "\ud800\n" "\ud800\u0041" "\ud83d\ud83d\ude00" "\uD83D" \u00e9 \"""";

    private const string Expected =
        """"\ufffd" "\ud83d\ude00" "\ufffd" "\\ud800" "\ufffd\n" "\ufffd\u0041" "\ufffd\ud83d\ude00" "\ufffd" \u00e9 \"""";

    [Test]
    public async Task Lone_surrogates_are_replaced_however_the_text_is_cut([Range(1, 13)] int sentAtOnce, [Values(1, 7, 22, 23, 4096)] int readAtOnce)
    {
        await using var stream = new RepairedJsonStream(new Pieces(Encoding.ASCII.GetBytes(Sent), sentAtOnce));
        var read = new MemoryStream();
        var buffer = new byte[readAtOnce];
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
        }

        Assert.That(Encoding.ASCII.GetString(read.ToArray()), Is.EqualTo(Expected));
    }

    private sealed class Pieces(byte[] content, int size) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
