using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class OciTagTests
{
    private static readonly string Longest = new('a', 128);

    [TestCase("1.2.3")]
    [TestCase("v1.2.3-rc.1_build")]
    [TestCase("_")]
    [TestCase("0")]
    [TestCase("LATEST")]
    public void Tags_are_letters_digits_and_some_marks(string tag) => Assert.That(ErrorOf(tag), Is.Empty);

    [Test]
    public void A_tag_has_at_most_128_characters()
    {
        Assert.That(ErrorOf(Longest), Is.Empty);
        Assert.That(ErrorOf(Longest + "a"), Does.Contain("at most 128"));
    }

    [Test]
    public void A_very_long_tag_is_not_repeated_in_full() => Assert.That(ErrorOf(new string('a', 100_000)), Has.Length.LessThan(400));

    [Test]
    public void The_message_on_an_empty_tag_says_what_to_set() => Assert.That(ErrorOf(""), Does.Contain("set it to the chart version"));

    [Test]
    public void The_message_on_build_metadata_says_what_Helm_writes() => Assert.That(ErrorOf("1.0.0+5"), Does.Contain("'_'").And.Contain("1.0.0+5"));

    [TestCase(".1")]
    [TestCase("-1")]
    [TestCase("a b")]
    [TestCase("a/b")]
    [TestCase("a:b")]
    [TestCase("1\n")]
    [TestCase("ä")]
    public void Other_characters_are_invalid(string tag) => Assert.That(ErrorOf(tag), Does.Contain("not a valid OCI tag"));

    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("0.4.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_digest_is_not_a_tag(string digest) => Assert.That(ErrorOf(digest), Does.Contain("a digest is not a tag"));

    [TestCase("0.4.0", false)]
    [TestCase("v0.4.0", false)]
    [TestCase("10.20.30", false)]
    [TestCase("1.0.0-rc.1", false)]
    [TestCase("1.0.0-0.3.7", false)]
    [TestCase("1.0.0-x-y-z.--", false)]
    [TestCase("1.0.0_build.5", false, TestName = "{m}(Helm writes '_' for '+')")]
    [TestCase("1.0.0-rc.1_build.5", false)]
    [TestCase("latest", true)]
    [TestCase("main", true)]
    [TestCase("stable", true)]
    [TestCase("1", true)]
    [TestCase("1.2", true)]
    [TestCase("v1.2", true)]
    [TestCase("1.2.x", true)]
    [TestCase("1.2.3.4", true)]
    [TestCase("01.2.3", true)]
    [TestCase("1.2.3-", true)]
    [TestCase("V1.2.3", true)]
    [TestCase("main-1.2.3", true)]
    [TestCase("1.2.3\n", true)]
    public void A_tag_that_is_no_full_semantic_version_is_moving(string tag, bool isMoving) =>
        Assert.That(OciTag.IsMoving(tag), Is.EqualTo(isMoving));

    private static string ErrorOf(string tag) => OciTag.TryParse(tag, out var error) ? "" : error;
}
