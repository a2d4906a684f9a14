using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

/// <summary>Pinned digests and deprecated versions of a catalogue.</summary>
public sealed class CatalogEntryTests
{
    [Test]
    public void A_digest_is_pinned_beside_the_tag()
    {
        var inputs = Resolve($$"""{ "version": "stable", "chartVersion": "1.0.0", "chartDigest": "{{Installed.ChartDigest}}" }""");

        Assert.That((inputs.Tag, inputs.Digest), Is.EqualTo(("1.0.0", Installed.ChartDigest)));
        Assert.That(inputs.Reference, Is.EqualTo($"oci://{ChartUrl.Default}:1.0.0@{Installed.ChartDigest}"));
    }

    [TestCase("""{ "version": "stable", "chartVersion": "1.0.0" }""")]
    [TestCase("""{ "version": "stable", "chartVersion": "1.0.0", "chartDigest": "" }""")]
    [TestCase("""{ "version": "stable", "chartVersion": "1.0.0", "chartDigest": null }""")]
    public void Without_a_digest_the_tag_is_installed(string entry)
    {
        var inputs = Resolve(entry);

        Assert.That((inputs.Digest, inputs.Reference), Is.EqualTo(("", $"oci://{ChartUrl.Default}:1.0.0")));
    }

    [TestCase("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:0123456789abcdef")]
    [TestCase("sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")]
    [TestCase("sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [TestCase("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\\n")]
    [TestCase("latest")]
    public void A_digest_that_is_none_makes_the_ProviderConfig_invalid(string digest)
    {
        var config = Config($$"""{ "version": "stable", "chartVersion": "1.0.0", "chartDigest": "{{digest}}" }""");

        Assert.That(config.TryResolve("stable", out _, out var error), Is.False);
        error!.Reports(
            Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "spec.versions[0].chartDigest", "sha256:", "platform operator");
    }

    [TestCase("{}", "spec.version \"old\" is deprecated. Set it to a version that is not deprecated.")]
    [TestCase("""{ "replacement": "new" }""", "spec.version \"old\" is deprecated. Set it to \"new\".")]
    [TestCase(
        """{ "message": "No fixes after May.", "replacement": "new" }""",
        "spec.version \"old\" is deprecated: No fixes after May. Set it to \"new\".")]
    [TestCase(
        """{ "message": "No fixes\nafter\u001b[31m May" }""",
        "spec.version \"old\" is deprecated: No fixes after[31m May. Set it to a version that is not deprecated.")]
    public void A_deprecated_version_is_offered_with_a_warning_that_names_its_replacement(string deprecated, string message)
    {
        var config = Config(
            $$"""{ "version": "old", "chartVersion": "1.0.0", "deprecated": {{deprecated}} }""", """{ "version": "new", "chartVersion": "2.0.0" }""");

        Assert.That(config.TryResolve("old", out _, out _), Is.True);
        Assert.That(config.WarningOf("old"), Is.EqualTo(new VersionWarning(VersionReasons.VersionDeprecated, message)));
        Assert.That((config.WarningOf("new"), config.WarningOf("none")), Is.EqualTo(((VersionWarning?)null, (VersionWarning?)null)));
        Assert.That((config.Errors, config.Warnings), Is.EqualTo((Array.Empty<ConfigIssue>(), Array.Empty<ConfigIssue>())));
    }

    [TestCase("gone")]
    [TestCase("old")]
    public void A_replacement_that_is_no_other_version_is_a_warning(string replacement) => Assert.That(
        Config($$"""{ "version": "old", "chartVersion": "1.0.0", "deprecated": { "replacement": "{{replacement}}" } }""")
            .Warnings.Select(warning => $"{warning}"),
        Is.EqualTo([$"spec.versions[0].deprecated.replacement \"{replacement}\" is not another version of spec.versions"]));

    private static ChartInputs Resolve(string entry)
    {
        Assert.That(Config(entry).TryResolve("stable", out var inputs, out var error), Is.True, error?.Message);
        return inputs!;
    }

    private static InstallConfig Config(params string[] entries) => An.Config($$"""{ "versions": [{{string.Join(',', entries)}}] }""");
}
