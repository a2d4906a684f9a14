using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>How Flux verifies the signature of a chart: <c>spec.verify</c> of an OCIRepository.</summary>
public sealed class ChartVerification
{
    private const string Cosign = "cosign";
    private const string Notation = "notation";
    private const string TrustPolicy = "trustpolicy.json";

    private readonly string _provider;
    private readonly IReadOnlyList<JsonElement> _identities;

    private ChartVerification(string provider, string secret, IReadOnlyList<JsonElement> identities)
    {
        _provider = provider;
        Secret = secret;
        _identities = identities;
    }

    /// <summary>The source Secret's name in the provider's namespace; empty if there is none.</summary>
    public string Secret { get; }

    /// <summary>What the Secret must have, as the end of a sentence.</summary>
    public string RequiredKeys => _provider == Notation
        ? $"{TrustPolicy} and a certificate, whose key ends with .crt or .pem"
        : "a public key, whose key ends with .pub";

    /// <summary>The field of an OCIRepository, which refers to the copy of the Secret.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["provider"] = _provider };
        if (Secret.Length > 0)
        {
            json["secretRef"] = new JsonObject { ["name"] = ObjectNames.SecretCopy(Secret) };
        }

        if (_identities.Count > 0)
        {
            json["matchOIDCIdentity"] = new JsonArray([.. _identities.Select(identity => (JsonNode)new JsonObject
            {
                ["issuer"] = identity.Text("issuer"),
                ["subject"] = identity.Text("subject"),
            })]);
        }

        return json;
    }

    /// <summary>Whether Flux reads a key of the Secret.</summary>
    public bool Reads(string key) => _provider == Notation ? key == TrustPolicy || IsCertificate(key) : EndsWith(key, ".pub");

    /// <summary>Whether a Secret with these keys can be used.</summary>
    public bool IsUsable(IReadOnlyCollection<string> keys) => _provider == Notation
        ? keys.Contains(TrustPolicy) && keys.Any(IsCertificate)
        : keys.Any(Reads);

    /// <summary>Reads the field of a ProviderConfig's spec, or of an entry of its catalogue.</summary>
    /// <param name="owner">What has the field.</param>
    /// <param name="path">The JSON path of the owner.</param>
    /// <param name="warnings">What is accepted, but should be fixed, is added.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>Null if there is none, or if there are errors.</returns>
    internal static ChartVerification? Read(
        JsonElement owner, string path, ICollection<ConfigIssue> warnings, out IReadOnlyList<ConfigIssue> errors)
    {
        errors = [];
        if (owner.At("verify") is not { } given)
        {
            return null;
        }

        errors = [.. Errors(given, $"{path}.verify")];
        if (errors.Count > 0)
        {
            return null;
        }

        var read = new ChartVerification(
            given.Text("provider") ?? Cosign, given.Text("secretRef", "name") ?? "", [.. given.Items("matchOIDCIdentity")]);
        if (read is { Secret.Length: 0, _identities.Count: 0 })
        {
            warnings.Add(new ConfigIssue($"{path}.verify", "trusts the signatures of everybody: set secretRef or matchOIDCIdentity"));
        }

        return read;
    }

    /// <summary>Reads the field of an OCIRepository that this provider has written.</summary>
    /// <param name="source">The OCIRepository.</param>
    /// <param name="verification">Null if there is none.</param>
    /// <returns>Whether it could be read.</returns>
    internal static bool TryRead(KubeObject source, out ChartVerification? verification)
    {
        verification = Read(source.At("spec") ?? default, "spec", new List<ConfigIssue>(), out var errors);
        if (verification is { Secret: [_, ..] copy } read)
        {
            verification = copy.StartsWith(ObjectNames.SecretCopyPrefix, StringComparison.Ordinal)
                ? new ChartVerification(read._provider, copy[ObjectNames.SecretCopyPrefix.Length..], read._identities)
                : null;
            return verification is not null;
        }

        return errors.Count == 0;
    }

    // Flux ignores identities beside a key.
    private static IEnumerable<ConfigIssue> Errors(JsonElement given, string path)
    {
        if (given.ValueKind != JsonValueKind.Object)
        {
            yield return new ConfigIssue(path, "must be an object");
            yield break;
        }

        var hasSecret = given.At("secretRef") is not null;
        var isNotation = given.Text("provider") == Notation;
        if (given.At("provider") is not null && given.Text("provider") is not (Cosign or Notation))
        {
            yield return new ConfigIssue($"{path}.provider", $"must be {Cosign} or {Notation}");
        }

        if (hasSecret && !(given.Text("secretRef", "name") is { } name && DnsNames.IsSubdomain(name)))
        {
            yield return new ConfigIssue($"{path}.secretRef.name", "must be the name of a Secret");
        }
        else if (isNotation && !hasSecret)
        {
            yield return new ConfigIssue($"{path}.secretRef", $"is missing; {Notation} needs a Secret with {TrustPolicy} and certificates");
        }

        if (given.At("matchOIDCIdentity") is not { } identities)
        {
            yield break;
        }

        if (hasSecret || isNotation)
        {
            yield return new ConfigIssue($"{path}.matchOIDCIdentity", $"has no effect beside secretRef or with {Notation}; remove one of them");
        }

        if (identities.ValueKind != JsonValueKind.Array)
        {
            yield return new ConfigIssue($"{path}.matchOIDCIdentity", "must be a list");
        }

        foreach (var (index, identity) in given.Items("matchOIDCIdentity").Index())
        {
            if (identity.Text("issuer") is not { Length: > 0 } || identity.Text("subject") is not { Length: > 0 })
            {
                yield return new ConfigIssue(
                    $"{path}.matchOIDCIdentity[{index}]", "must have issuer and subject, each a regular expression");
            }
        }
    }

    private static bool IsCertificate(string key) => EndsWith(key, ".crt") || EndsWith(key, ".pem");

    private static bool EndsWith(string key, string end) => key.EndsWith(end, StringComparison.Ordinal);
}
