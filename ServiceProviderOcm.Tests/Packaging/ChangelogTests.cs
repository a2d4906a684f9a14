using NUnit.Framework;
using ServiceProviderOcm.Packaging.Documents;

namespace ServiceProviderOcm.Tests.Packaging;

public sealed class ChangelogTests
{
    private const string Text = "# Changelog\n\nAbout it.\n\n## Unreleased\n\n### Added\n\n- New\n\n## [0.1.7] - 2026-11-26\n\n- Seven\n\n## 0.1\n\n- First\n";

    [TestCase("0.1.7", true, "- Seven\n")]
    [TestCase("0.1", true, "- First\n")]
    [TestCase("0.1.8", false, "### Added\n\n- New\n")]
    public void The_section_is_that_of_the_version_or_what_is_not_released(string version, bool isReleased, string section) =>
        Assert.That(Changelog.Section(Text, version, isReleased), Is.EqualTo(section));

    [TestCase("0.1.8")]
    [TestCase("0.1.7-rc")]
    public void A_released_version_must_have_a_section(string version) => Assert.That(
        () => Changelog.Section(Text, version, isReleased: true), Throws.InstanceOf<InvalidDataException>().With.Message.Contains($"## {version}"));
}
