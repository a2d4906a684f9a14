using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Selection;

namespace ServiceProviderOcm.Tests.Sandbox.ApiServer;

public sealed class SelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["a"] = "1", ["example.com/b"] = "" };

    [TestCase("", true)]
    [TestCase("a=1", true)]
    [TestCase("a==1", true)]
    [TestCase("a=2", false)]
    [TestCase("a!=2", true)]
    [TestCase("c!=2", true)]
    [TestCase("a", true)]
    [TestCase("c", false)]
    [TestCase("!c", true)]
    [TestCase("a in (1, 2)", true)]
    [TestCase("a notin (1,2)", false)]
    [TestCase("c notin (1,2)", true)]
    [TestCase("example.com/b=,a in (2,1),!c", true)]
    [TestCase("a=1,c", false)]
    public void A_label_selector_matches_labels(string selector, bool expected) =>
        Assert.That(LabelSelector.Parse(selector).Matches(Labels), Is.EqualTo(expected));

    [TestCase("a=(")]
    [TestCase("a within (b)")]
    public void A_malformed_label_selector_is_a_bad_request(string selector) =>
        Assert.That(Assert.Throws<StatusException>(() => LabelSelector.Parse(selector))!.Code, Is.EqualTo(400));

    [TestCase("metadata.name=n", true)]
    [TestCase("metadata.name!=n", false)]
    [TestCase("metadata.namespace==other", false)]
    [TestCase("type=", true)]
    public void A_field_selector_matches_fields(string selector, bool expected)
    {
        var subject = JsonReading.Parse("""{"metadata":{"name":"n","namespace":"ns"}}""");

        Assert.That(FieldSelector.Parse(selector, ["type"]).Matches(subject), Is.EqualTo(expected));
    }

    [Test]
    public void A_field_selector_with_an_unsupported_field_is_a_bad_request() => Assert.That(
        Assert.Throws<StatusException>(() => FieldSelector.Parse("spec.a=b", []))!.Message,
        Is.EqualTo("field label not supported: spec.a"));
}
