using System.Security.Cryptography;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>
/// Helm values as a ProviderConfig has them, untouched. There is one instance for all OCMs that are installed with them.
/// </summary>
public sealed class HelmValues
{
    /// <summary>The chart's own defaults.</summary>
    public static readonly HelmValues Default = new(default);

    private readonly JsonElement _json;
    private readonly Lazy<string> _hash;

    private HelmValues(JsonElement json)
    {
        _json = json;
        _hash = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(_json.ToUtf8Bytes())));
    }

    /// <summary>Whether there are any; if not, the chart's own defaults hold.</summary>
    public bool IsSet => _json.ValueKind != JsonValueKind.Undefined;

    /// <summary>The values, an object; undefined unless <see cref="IsSet"/>.</summary>
    public JsonElement Json => _json;

    /// <summary>SHA-256 of the values as they are written, in hexadecimal: equal hashes mean equal values.</summary>
    public string Hash => IsSet ? _hash.Value : "";

    /// <summary>Wraps values.</summary>
    public static HelmValues Of(JsonElement json) => new(json);
}
