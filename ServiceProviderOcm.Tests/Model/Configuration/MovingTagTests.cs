using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

/// <summary>Tags that are moved to other charts are reported where they are chosen: on the OCM, or in the catalogue.</summary>
public sealed class MovingTagTests
{
    [TestCase("latest")]
    [TestCase("1.2")]
    public void Without_a_catalogue_an_OCM_with_a_moving_tag_has_a_warning(string tag)
    {
        Assert.That(An.Config("{}").TryResolve(tag, out _, out _), Is.True);
        Assert.That(An.Config("{}").WarningOf(tag), Is.EqualTo(new VersionWarning(
            VersionReasons.MovingTag,
            $"spec.version \"{tag}\" is a moving tag: the toolkit is upgraded whenever the tag is moved. Set it to a full chart version, "
                + "such as 0.4.0.")));
    }

    [TestCase("0.4.0")]
    [TestCase("not a tag")]
    [TestCase("")]
    public void A_full_version_and_a_version_that_is_rejected_have_no_warning(string version) =>
        Assert.That(An.Config("{}").WarningOf(version), Is.Null);

    [Test]
    public void Without_a_ProviderConfig_there_is_no_warning() => Assert.That(InstallConfig.Missing(An.Identity).WarningOf("latest"), Is.Null);

    [Test]
    public void In_a_catalogue_a_moving_tag_is_a_warning_on_the_ProviderConfig_unless_a_digest_is_pinned()
    {
        var config = An.Config(
            $$"""
            { "versions": [
              { "version": "edge", "chartVersion": "main" },
              { "version": "pinned", "chartVersion": "main", "chartDigest": "{{Installed.ChartDigest}}" },
              { "version": "stable", "chartVersion": "1.0.0" },
              { "version": "invalid", "chartVersion": "1+2" } ] }
            """);

        Assert.That(
            config.Warnings.Select(warning => $"{warning}"),
            Is.EqualTo([
                "spec.versions[0].chartVersion \"main\" is a moving tag: all OCMs with this version are upgraded whenever the tag is moved. "
                    + "Set chartDigest, or a full chart version",
            ]));
        Assert.That(config.WarningOf("edge"), Is.Null);
    }

    [Test]
    public void A_version_that_is_in_the_catalogue_twice_is_a_warning_and_the_first_one_counts()
    {
        var config = An.Config(
            """
            { "versions": [
              { "version": "stable", "chartVersion": "1.0.0" }, { "version": "other", "chartVersion": "1.1.0" },
              { "version": "stable", "chartVersion": "2.0.0" } ] }
            """);

        Assert.That(
            config.Warnings.Select(warning => $"{warning}"),
            Is.EqualTo(["spec.versions[2].version \"stable\" is in spec.versions before, and the first one counts"]));
        Assert.That(config.TryResolve("stable", out var inputs, out _), Is.True);
        Assert.That(inputs!.Tag, Is.EqualTo("1.0.0"));
    }
}
