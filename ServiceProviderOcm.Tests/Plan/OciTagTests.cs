using NUnit.Framework;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Tests.Plan;

public sealed class OciTagTests
{
    private static readonly string Longest = new('a', 128);

    [TestCase("1.2.3")]
    [TestCase("v1.2.3-rc.1_build")]
    [TestCase("_")]
    [TestCase("0")]
    [TestCase("LATEST")]
    public void Tags_are_letters_digits_and_some_marks(string tag) => Assert.That(OciTag.Problem(tag), Is.Null);

    [Test]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.That(OciTag.Problem(Longest), Is.Null);
        Assert.That(OciTag.Problem(Longest + "a"), Does.Contain("at most 128"));
    }

    [Test]
    public void A_very_long_tag_is_not_repeated_in_full() => Assert.That(OciTag.Problem(new string('a', 100_000)), Has.Length.LessThan(400));

    [Test]
    public void An_empty_tag_is_told_what_to_become() => Assert.That(OciTag.Problem(""), Does.Contain("set it to the chart version"));

    [Test]
    public void Build_metadata_is_explained() => Assert.That(OciTag.Problem("1.0.0+5"), Does.Contain("'_'").And.Contain("1.0.0+5"));

    [TestCase(".1")]
    [TestCase("-1")]
    [TestCase("a b")]
    [TestCase("a/b")]
    [TestCase("a:b")]
    [TestCase("1\n")]
    [TestCase("ä")]
    public void Other_characters_are_refused(string tag) => Assert.That(OciTag.Problem(tag), Does.Contain("not a valid OCI tag"));
}
