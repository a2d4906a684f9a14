using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

public sealed class AnsweredFramesTests
{
    private static IEnumerable<TestCaseData> Frames()
    {
        yield return Case("SETTINGS", Frame(Http2Frame.Settings), 1, 0);
        yield return Case("SETTINGS with values", Frame(Http2Frame.Settings, payload: 36), 1, 0);
        yield return Case("SETTINGS with unknown flags", Frame(Http2Frame.Settings, flags: 0xfe), 1, 0);
        yield return Case("SETTINGS that acknowledge", Frame(Http2Frame.Settings, flags: 1), 0, 0);
        yield return Case("PING", Frame(Http2Frame.Ping, payload: 8), 1, 0);
        yield return Case("PING that acknowledges", Frame(Http2Frame.Ping, flags: 1, payload: 8), 0, 0);
        yield return Case("PRIORITY", Frame(Http2Frame.Priority, payload: 5), 0, 0);
        yield return Case("data", Frame(Http2Frame.Data, payload: 70_000), 0, 70_000);
        yield return Case("data without content", Frame(Http2Frame.Data), 0, 0);
        yield return Case("the last data of a stream", Frame(Http2Frame.Data, flags: 1, payload: 3), 0, 3);
        yield return Case("data with the bytes of SETTINGS", Http2Frame.Of(Http2Frame.Data, Frame(Http2Frame.Settings), stream: 1), 0, 9);
        yield return Case(
            "many",
            [
                .. Frame(Http2Frame.Settings, payload: 6), .. Frame(Http2Frame.Settings, flags: 1), .. Frame(Http2Frame.Headers, payload: 300),
                .. Frame(Http2Frame.Data, payload: 5), .. Frame(Http2Frame.Ping, payload: 8), .. Frame(Http2Frame.Settings),
            ],
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
        Http2Frame.Of(type, Enumerable.Repeat(Http2Frame.Settings, payload).ToArray(), flags);
}
