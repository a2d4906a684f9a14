using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class ChartVerificationTests
{
    [TestCase(
        """{ "secretRef": { "name": "keys" } }""", """{ "provider": "cosign", "secretRef": { "name": "sp-ocm-keys" } }""", "keys")]
    [TestCase(
        """{ "provider": "notation", "secretRef": { "name": "keys" } }""",
        """{ "provider": "notation", "secretRef": { "name": "sp-ocm-keys" } }""",
        "keys")]
    [TestCase(
        """{ "provider": "cosign", "matchOIDCIdentity": [{ "issuer": "^https://i$", "subject": "s", "more": 1 }] }""",
        """{ "provider": "cosign", "matchOIDCIdentity": [{ "issuer": "^https://i$", "subject": "s" }] }""",
        "")]
    public void The_setting_is_passed_to_Flux_with_the_name_of_the_copy(string setting, string field, string secret)
    {
        var config = An.Config($$"""{ "verify": {{setting}} }""");

        Assert.That(config.TryResolve("1.0.0", out var inputs, out var error), Is.True, error?.Message);
        Assert.That(JsonNode.DeepEquals(inputs!.Source.Verification!.ToJson(), JsonNode.Parse(field)), Is.True);
        Assert.That(config.SecretNames, Is.EquivalentTo(secret.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(config.Warnings, Is.Empty);
    }

    [Test]
    public void Without_key_and_identities_everybody_is_trusted_which_is_a_warning() => Assert.That(
        An.Config("""{ "verify": { "provider": "cosign" } }""").Warnings.Select(warning => $"{warning}"),
        Is.EqualTo(["spec.verify trusts the signatures of everybody: set secretRef or matchOIDCIdentity"]));

    [TestCase("[]", "spec.verify must be an object")]
    [TestCase("""{ "provider": "gpg" }""", "spec.verify.provider must be cosign or notation")]
    [TestCase("""{ "provider": 1 }""", "spec.verify.provider must be cosign or notation")]
    [TestCase("""{ "secretRef": {} }""", "spec.verify.secretRef.name must be the name of a Secret")]
    [TestCase("""{ "secretRef": { "name": "Not_A_Name" } }""", "spec.verify.secretRef.name must be the name of a Secret")]
    [TestCase("""{ "provider": "notation" }""", "spec.verify.secretRef is missing")]
    [TestCase("""{ "matchOIDCIdentity": {} }""", "spec.verify.matchOIDCIdentity must be a list")]
    [TestCase("""{ "matchOIDCIdentity": [{ "issuer": "i" }] }""", "spec.verify.matchOIDCIdentity[0] must have issuer and subject")]
    [TestCase("""{ "matchOIDCIdentity": [{ "issuer": "i", "subject": "" }] }""", "spec.verify.matchOIDCIdentity[0] must have issuer and subject")]
    [TestCase(
        """{ "secretRef": { "name": "keys" }, "matchOIDCIdentity": [{ "issuer": "i", "subject": "s" }] }""",
        "spec.verify.matchOIDCIdentity has no effect beside secretRef")]
    public void An_invalid_setting_prevents_installations_instead_of_being_ignored(string setting, string error)
    {
        var config = An.Config($$"""{ "verify": {{setting}} }""");

        Assert.That(config.TryResolve("1.0.0", out _, out var status), Is.False);
        status!.Reports(Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, error, "platform operator");
    }

    [Test]
    public void A_version_has_its_own_setting_or_the_common_one()
    {
        var config = An.Config(
            """
            {
              "verify": { "secretRef": { "name": "common" } },
              "versions": [
                { "version": "1", "chartVersion": "1.0.0" },
                { "version": "2", "chartVersion": "2.0.0", "verify": { "provider": "notation", "secretRef": { "name": "own" } } },
                { "version": "3", "chartVersion": "3.0.0", "verify": { "provider": "none" } }
              ]
            }
            """);

        Assert.That(Secret("1"), Is.EqualTo("common"));
        Assert.That(Secret("2"), Is.EqualTo("own"));
        Assert.That(config.SecretNames, Is.EquivalentTo(["common", "own"]));
        Assert.That(config.Errors.Select(error => $"{error}"), Is.EqualTo(["spec.versions[2].verify.provider must be cosign or notation"]));

        string Secret(string version) => config.TryResolve(version, out var inputs, out var error)
            ? inputs.Source.Verification!.Secret
            : throw new AssertionException(error.Message);
    }

    [Test]
    public void An_invalid_common_setting_prevents_all_versions_without_their_own() => Assert.That(
        An.Config("""{ "verify": 1, "versions": [{ "version": "1", "chartVersion": "1.0.0" }] }""").TryResolve("1", out _, out _), Is.False);

    [TestCase("""{ "imagePullSecret": { "name": "keys" }, "verify": { "secretRef": { "name": "keys" } } }""", "spec.imagePullSecret.name")]
    [TestCase(
        """{ "caBundleRef": { "name": "trust", "key": "ca.crt" }, "verify": { "secretRef": { "name": "ca-bundle" } } }""", "spec.caBundleRef")]
    public void Two_sources_with_the_same_name_of_their_copy_make_the_ProviderConfig_invalid(string spec, string other)
    {
        Assert.That(An.Config(spec).TryResolve("1.0.0", out _, out var status), Is.False);
        status!.Reports(Reasons.InvalidProviderConfig, Phase.Progressing, Health.Degraded, "spec.verify.secretRef", other, "sp-ocm-");
    }

    [TestCase("cosign", "cosign.pub", true)]
    [TestCase("cosign", "cosign.key", false)]
    [TestCase("cosign", "trustpolicy.json", false)]
    [TestCase("notation", "trustpolicy.json,ca.crt", true)]
    [TestCase("notation", "trustpolicy.json,ca.pem", true)]
    [TestCase("notation", "trustpolicy.json", false)]
    [TestCase("notation", "ca.crt", false)]
    public void A_Secret_is_usable_if_it_has_what_Flux_reads(string provider, string keys, bool isUsable)
    {
        An.Config($$"""{ "verify": { "provider": "{{provider}}", "secretRef": { "name": "keys" } } }""")
            .TryResolve("1.0.0", out var inputs, out _);

        Assert.That(inputs!.Source.Verification!.IsUsable(keys.Split(',')), Is.EqualTo(isUsable));
    }
}
