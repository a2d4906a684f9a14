using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Yaml;

namespace ServiceProviderOcm.Tests.Kubernetes.Yaml;

public sealed class YamlManifestsTests
{
    [TestCase("a", "\"a\"")]
    [TestCase("1", "1")]
    [TestCase("\"1\"", "\"1\"")]
    [TestCase("'true'", "\"true\"")]
    [TestCase("true", "true")]
    [TestCase("1.5", "1.5")]
    [TestCase("1m", "\"1m\"")]
    [TestCase("1.2.3", "\"1.2.3\"")]
    [TestCase("~", "null")]
    [TestCase("NULL", "null")]
    [TestCase("yes", "true")]
    [TestCase("N", "false")]
    [TestCase("1_000", "1000")]
    [TestCase("_1", "\"_1\"")]
    [TestCase("Off", "false")]
    [TestCase("0644", "420")]
    [TestCase("-0x1F", "-31")]
    [TestCase("0b101", "5")]
    [TestCase("089", "89")]
    [TestCase("1e3", "1000")]
    [TestCase("9223372036854775807", "9223372036854775807")]
    [TestCase("12345678901234567890", "1.2345678901234567E+19")]
    [TestCase("0xfffffffffffffffff", "\"0xfffffffffffffffff\"")]
    [TestCase("2026-01-01", "\"2026-01-01\"")]
    [TestCase("[1, {b: \"2\"}]", "[1,{\"b\":\"2\"}]")]
    public void Values_keep_their_types(string yaml, string json)
    {
        var value = YamlManifests.Parse($"value: {yaml}").Single()["value"];

        Assert.That(value?.ToJsonString() ?? "null", Is.EqualTo(json));
    }

    [Test]
    public void Empty_documents_are_left_out()
    {
        var documents = YamlManifests.Parse("---\na: 1\n---\n---\nb: 2\n");

        Assert.That(string.Concat(documents), Is.EqualTo(string.Concat(YamlManifests.Parse("a: 1\n---\nb: 2"))));
        Assert.That(documents, Has.Count.EqualTo(2));
    }

    [Test]
    public void Objects_have_the_position_at_which_they_begin()
    {
        var read = YamlManifests.Read("some.yaml", """
            # first
            a: 1
            ---
            apiVersion: v1
            kind: List
            items:
              - b: 2
              -
                c: 3
            ---
            # nothing
            """);

        Assert.That(read.Select(source => $"{source.At} {source.Manifest.Json}"), Is.EqualTo(
            ["some.yaml:2 {\"a\":1}", "some.yaml:7 {\"b\":2}", "some.yaml:9 {\"c\":3}"]));
    }
}
