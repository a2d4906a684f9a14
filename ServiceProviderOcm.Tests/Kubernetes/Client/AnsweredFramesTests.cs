using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class AnsweredFramesTests
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Priority = 2;
    private const byte Settings = 4;
    private const byte Ping = 6;

    private static IEnumerable<TestCaseData> Frames()
    {
        yield return Case("SETTINGS", Frame(Settings), 1, 0);
        yield return Case("SETTINGS with values", Frame(Settings, payload: 36), 1, 0);
        yield return Case("SETTINGS with unknown flags", Frame(Settings, flags: 0xfe), 1, 0);
        yield return Case("SETTINGS that acknowledge", Frame(Settings, flags: 1), 0, 0);
        yield return Case("PING", Frame(Ping, payload: 8), 1, 0);
        yield return Case("PING that acknowledges", Frame(Ping, flags: 1, payload: 8), 0, 0);
        yield return Case("PRIORITY", Frame(Priority, payload: 5), 0, 0);
        yield return Case("data", Frame(Data, payload: 70_000), 0, 70_000);
        yield return Case("data without content", Frame(Data), 0, 0);
        yield return Case("the last data of a stream", Frame(Data, flags: 1, payload: 3), 0, 3);
        yield return Case("data with the bytes of SETTINGS", [0, 0, 9, Data, 0, 0, 0, 0, 1, .. Frame(Settings)], 0, 9);
        yield return Case(
            "many",
            [.. Frame(Settings, payload: 6), .. Frame(Settings, flags: 1), .. Frame(Headers, payload: 300), .. Frame(Data, payload: 5), .. Frame(Ping, payload: 8), .. Frame(Settings)],
            3,
            5);

        static TestCaseData Case(string name, byte[] received, int frames, int dataBytes) =>
            new TestCaseData(received, (frames, dataBytes)) { TestName = "{m}(" + name + ")" };
    }

    [TestCaseSource(nameof(Frames))]
    public void What_is_answered_is_counted_wherever_it_is_split(byte[] received, (int Frames, int DataBytes) expected)
    {
        byte[] twice = [.. received, .. received];
        var splits = Enumerable.Range(0, twice.Length < 1000 ? twice.Length : 40);

        Assert.That(splits.Select(at => Count(twice[..at], twice[at..])), Is.All.EqualTo((2 * expected.Frames, 2 * expected.DataBytes)));
        Assert.That(Count(twice.Select(each => new[] { each })), Is.EqualTo((2 * expected.Frames, 2 * expected.DataBytes)));
    }

    private static (int Frames, int DataBytes) Count(params IEnumerable<byte[]> chunks)
    {
        var answered = new AnsweredFrames();
        return chunks.Select(chunk => answered.Count(chunk)).Aggregate(
            (sum, each) => (sum.Frames + each.Frames, sum.DataBytes + each.DataBytes));
    }

    private static byte[] Frame(byte type, byte flags = 0, int payload = 0) =>
        [(byte)(payload >> 16), (byte)(payload >> 8), (byte)payload, type, flags, 0, 0, 0, 0, .. Enumerable.Repeat(Settings, payload)];
}
