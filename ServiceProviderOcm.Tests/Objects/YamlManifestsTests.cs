using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;

namespace ServiceProviderOcm.Tests.Objects;

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
}
