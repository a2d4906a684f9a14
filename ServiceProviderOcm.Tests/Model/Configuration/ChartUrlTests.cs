using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class ChartUrlTests
{
    [TestCase(ChartUrl.Default)]
    [TestCase("registry:5000/chart")]
    [TestCase("localhost/a")]
    [TestCase("[::1]:5000/chart")]
    [TestCase("10.0.0.1:443/a/b/c")]
    [TestCase("Registry.Example.com/chart")]
    [TestCase("r/a.b/c_d/e__f/g--h")]
    public void A_missing_scheme_is_added(string text)
    {
        Assert.That(ChartUrl.TryParse(text, out var url, out var error), Is.True, error);
        Assert.That(url, Is.EqualTo("oci://" + text));
        Assert.That(ChartUrl.TryParse("oci://" + text, out var again, out _), Is.True);
        Assert.That(again, Is.EqualTo(url));
    }

    [TestCase("https://ghcr.io/chart")]
    [TestCase("http://ghcr.io/chart")]
    [TestCase("docker://ghcr.io/chart")]
    public void Another_scheme_is_rejected(string text) => Rejected(text, "does not begin with oci://");

    [TestCase("ghcr.io/chart:1.0")]
    [TestCase("oci://registry:5000/a/chart:latest")]
    [TestCase("ghcr.io/chart@sha256:0123")]
    public void A_URL_with_a_tag_or_digest_is_rejected(string text) => Rejected(text, "tag or digest");

    [TestCase("")]
    [TestCase("oci://")]
    [TestCase("ghcr.io")]
    [TestCase("registry:5000")]
    [TestCase("ghcr.io/")]
    [TestCase("ghcr.io/chart/")]
    [TestCase("ghcr.io//chart")]
    [TestCase("ghcr.io/Chart")]
    [TestCase("ghcr.io/a___b")]
    [TestCase("ghcr.io/a b")]
    [TestCase(" ghcr.io/a")]
    [TestCase("ghcr.io/a\n")]
    [TestCase("-x.io/a")]
    [TestCase("registry:123456/a")]
    [TestCase("registry:0/a")]
    [TestCase("registry:00000/a")]
    [TestCase("registry:65536/a")]
    [TestCase("registry:99999/a")]
    [TestCase("registry:/a")]
    [TestCase("registry:500\0/a")]
    [TestCase("[::1/a")]
    [TestCase("[]/a")]
    [TestCase("ghcr.io/a-")]
    [TestCase("ghcr.io/a._b")]
    [TestCase("ghcr.io/a?b=c")]
    public void A_URL_that_is_no_repository_is_rejected(string text) => Rejected(text, "is not the URL of an OCI repository");

    [TestCase("user:password@ghcr.io/a")]
    [TestCase("oci://password@ghcr.io/a")]
    [TestCase("https://user:password@ghcr.io/a")]
    [TestCase("ghcr.io/a@password")]
    public void A_URL_that_may_contain_credentials_is_not_quoted(string text)
    {
        Assert.That(ChartUrl.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Is.Not.Empty.And.Not.Contain("\"").And.Not.Contain("password@").And.Not.Contain("@password"));
    }

    [Test]
    public void A_rejected_URL_is_quoted_on_one_line_and_not_without_end()
    {
        Assert.That(ChartUrl.TryParse("a\n\u202e" + new string('b', 10_000), out _, out var error), Is.False);
        Assert.That(error, Does.Match("^\"a.{1,14}bbb").And.Not.Contain("\n").And.Not.Contain("\u202e").And.Length.LessThan(500));
    }

    private static void Rejected(string text, string words)
    {
        Assert.That(ChartUrl.TryParse(text, out var url, out var error), Is.False);
        Assert.That(url, Is.Null);
        Assert.That(error, Does.Contain(words));
    }
}
