using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

/// <summary>How much is kept of messages that may quote a tenant's control plane.</summary>
public sealed class ConditionMessageTests
{
    private const int Longest = 4096;
    private const int Cut = Longest - 3; // without the ellipsis

    private static readonly ResourceKind[] Kinds =
        [PlatformKinds.ClusterRequest, PlatformKinds.AccessRequest, PlatformKinds.OciRepository, PlatformKinds.HelmRelease];

    private static readonly ObjectReader Reader = new(new KubernetesApiOptions
    {
        FieldManager = "us",
        Projections = Projections.Of(new ProviderApi(ProviderApi.DefaultGroup)),
    });

    // What is at the limit, and how many bytes of it are kept.
    private static readonly TestCaseData[] AtLimit =
    [
        .. Characters("x", 1),
        .. Characters("é", 2),
        .. Characters("…", 3),
        .. Characters("😀", 4),
        .. Characters("\\n", 2),
        .. Characters("\\\\", 2),
        .. Characters("\\\"", 2),
        .. Characters("\\u00e9", 6),
        .. Characters("\\ud7ff", 6),
        .. Characters("\\ud83d\\ude00", 12),
        .. Characters("\\uDBFF\\uDFFF", 12),
    ];

    [TestCase("x", 0)]
    [TestCase("x", 1)]
    [TestCase("x", Longest)]
    [TestCase("é", Longest / 2)]
    [TestCase("\\n", Longest / 2)]
    public void A_short_message_stays_as_it_is(string character, int count)
    {
        var message = string.Concat(Enumerable.Repeat(character, count));

        Assert.That(Kinds.Select(kind => MessageOf(kind, message)), Is.All.EqualTo(message));
    }

    [TestCaseSource(nameof(AtLimit))]
    public void A_long_message_is_cut_before_the_character_that_exceeds_the_limit(string character, int before, int kept)
    {
        var beginning = new string('.', before);

        var message = MessageOf(PlatformKinds.HelmRelease, $"{beginning}{character}{new string('x', Longest)}");

        Assert.That(message, Is.EqualTo($"{beginning}{(kept > 0 ? character : "")}{new string('x', kept > 0 ? Cut - before - kept : 0)}…"));
        Assert.That(Encoding.UTF8.GetByteCount(message), Is.InRange(Longest - 12, Longest));
    }

    [Test]
    public void The_message_of_each_kind_and_condition_is_cut_whatever_its_name_is_written_like()
    {
        foreach (var kind in Kinds)
        {
            var read = Read(kind, """{"conditions":[{"type":"A","mess\u0061ge":"LONG"},5,{"message":"LONG","type":"B"}]}""");

            Assert.That(
                read.Json.Items("status", "conditions").Select(each => each.Text("message")).OfType<string>(),
                Is.EqualTo(Enumerable.Repeat($"{new string('x', Cut)}…", 2)));
        }
    }

    [Test]
    public void Other_texts_and_fields_of_conditions_are_not_cut()
    {
        const string Status =
            """{"conditions":[{"type":"LONG","reason":"LONG","x":{"message":"LONG"},"message":["LONG"]}],"observedGeneration":1}""";

        var read = Read(PlatformKinds.HelmRelease, Status, ""","spec":{"message":"LONG","conditions":[{"message":"LONG"}]}""");

        Assert.That(JsonElement.DeepEquals(read.Json.GetProperty("status"), JsonReading.Parse(Long(Status))));
        Assert.That(read.Json.GetProperty("spec").GetRawText(), Is.EqualTo(Long("""{"message":"LONG","conditions":[{"message":"LONG"}]}""")));
    }

    [Test]
    public void A_message_that_is_not_Unicode_is_unreadable_wherever_it_is_cut() => Assert.That(
        () => Read(PlatformKinds.HelmRelease, """{"conditions":[{"message":"LONG\ud800"}]}"""),
        Throws.InvalidOperationException.With.Message.EqualTo("a text is not valid Unicode"));

    // Without the ellipsis, what is kept of the value would not be known as its beginning.
    [TestCase(0)]
    [TestCase(4000)]
    public void The_value_of_a_Secret_that_is_cut_is_not_quoted(int before)
    {
        var value = string.Concat(Enumerable.Range(0, 2000).Select(number => $"{number:x4}"));
        var secrets = new SecretValues(() => [value, "password"]);
        var message = $"{string.Concat(Enumerable.Repeat("password", before / 8))}{value}";
        var conditions = $$"""{"conditions":[{"type":"Ready","status":"False","message":"{{message}}"},{"status":"False","message":"denied"}]}""";

        Assert.That(
            FluxStatus.Of(Read(PlatformKinds.HelmRelease, conditions), secrets).Message, Is.EqualTo("***…"));
        Assert.That(
            AccessGrant.Explanation(Read(PlatformKinds.AccessRequest, conditions), secrets), Is.EqualTo("***…; denied"));
    }

    private static IEnumerable<TestCaseData> Characters(string character, int bytes) => Enumerable.Range(0, bytes + 2)
        .Select(part => new TestCaseData(character, Cut - part, part >= bytes ? bytes : 0).SetArgDisplayNames(character, $"{part} bytes left"));

    private static string Long(string json) => json.Replace("LONG", new string('x', 2 * Longest), StringComparison.Ordinal);

    private static string MessageOf(ResourceKind kind, string message)
    {
        var raw = Read(kind, $$"""{"conditions":[{"type":"Ready","message":"{{message}}"}]}""").ReadyCondition.GetProperty("message").GetRawText();
        return raw[1..^1];
    }

    private static KubeObject Read(ResourceKind kind, string status, string more = "")
    {
        var json = Long("""{"metadata":{"name":"a","namespace":"n"},"status":""" + status + more + "}");
        return Reader.TryRead(kind, Encoding.UTF8.GetBytes(json), out var read, out var unreadable)
            ? read
            : throw new InvalidOperationException(unreadable.Error);
    }
}
