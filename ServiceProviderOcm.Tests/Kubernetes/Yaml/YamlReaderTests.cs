using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Tests.Kubernetes.Yaml;

public sealed class YamlReaderTests
{
    private static readonly YamlRules Small = YamlRules.Manifests with { MaxDepth = 2, MaxValues = 8 };

    [TestCase("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [TestCase("a: &x 1\nb: &x 2\nc: *x", """{"a":1,"b":2,"c":2}""")]
    [TestCase("a: &x {b: 1}\nc: {b: 2, <<: *x}", """{"a":{"b":1},"c":{"b":1}}""")]
    [TestCase("a: &x {b: 1}\nc: {<<: *x, b: 2}", """{"a":{"b":1},"c":{"b":2}}""")]
    [TestCase("<<: [{a: 1}, {a: 2, b: 2}]", """{"a":1,"b":2}""")]
    [TestCase("\"<<\": {a: 1}", """{"\u003C\u003C":{"a":1}}""")]
    [TestCase("&x a: *x", """{"a":"a"}""")]
    [TestCase("{&x 010: a, b: *x}", """{"8":"a","b":8}""")]
    [TestCase("a: &x null\nb: *x", """{"a":null,"b":null}""")]
    [TestCase("{a: {b: 1}, c: [1, 2]}", """{"a":{"b":1},"c":[1,2]}""")]
    public void Values_within_the_limits_are_read(string yaml, string expected) =>
        Assert.That(YamlReader.Read(yaml, Small, out _).Single()!.ToJsonString(), Is.EqualTo(expected));

    [TestCase("a: [[1]]", "nested more than 2 deep")]
    [TestCase("a: &x [1]\nb: [*x]", "nested more than 2 deep")]
    [TestCase("[1, 2, 3, 4, 5, 6, 7, 8]", "more than 8 values")]
    [TestCase("a: &x [1, 2, 3]\nb: *x", "more than 8 values")]
    [TestCase("a: *x", "alias x has no anchor")]
    [TestCase("a: &x {b: *x}", "alias x has no anchor")]
    [TestCase("--- &x 1\n--- *x", "alias x has no anchor")]
    [TestCase("a: 1\na: 2", "field \"a\" is duplicated")]
    [TestCase("y: 1\non: 2", "field \"true\" is duplicated")]
    [TestCase("<<: 1", "the value of a merge key (<<) must be a mapping")]
    [TestCase("<<: [{a: 1}, 2]", "the value of a merge key (<<) must be a mapping")]
    [TestCase("[a]: 1", "the name of a field must be a string")]
    public void Values_beyond_the_limits_are_rejected(string yaml, string message) =>
        Assert.That(() => YamlReader.Read(yaml, Small, out _), Throws.InstanceOf<YamlException>().With.Message.Contains(message));

    [Test]
    public void Only_the_first_document_is_read_on_request() => Assert.That(
        YamlReader.ReadFirst("a: 1\na: 2\n---\n@", Small with { AllowsDuplicates = true })!.ToJsonString(), Is.EqualTo("""{"a":2}"""));

    [Test]
    public void Very_deep_nesting_does_not_overflow_the_stack() => Assert.That(
        () => YamlReader.Read(new string('[', 1_000_000), YamlRules.Manifests, out _), Throws.InstanceOf<YamlException>());

    [Test]
    public void Lines_of_values_are_known()
    {
        var list = YamlReader.Read("# comment\n- a: 1\n-\n  b: 2\n", Small, out var lines).Single()!;

        Assert.That((lines[list], lines[list[0]!], lines[list[1]!]), Is.EqualTo((2, 2, 4)));
    }
}
