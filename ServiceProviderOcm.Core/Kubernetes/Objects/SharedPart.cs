using System.Security.Cryptography;
using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// A large part that many objects have in common, such as Helm values. It is kept beside the objects' JSON, so that one instance
/// serves all of them, and compared by reference or hash.
/// </summary>
public sealed class SharedPart
{
    /// <summary>The object has no such part.</summary>
    public static readonly SharedPart None = new([], default, "");

    private SharedPart(IReadOnlyList<string> path, JsonElement value, string hash)
    {
        Path = path;
        Value = value;
        Hash = hash;
    }

    /// <summary>Where the part belongs, as property names from the root.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The part; undefined for <see cref="None"/>.</summary>
    public JsonElement Value { get; }

    /// <summary>SHA-256 of the part as it is written, in hexadecimal; empty for <see cref="None"/>.</summary>
    public string Hash { get; }

    /// <summary>A part with this value. The element must outlive its document.</summary>
    public static SharedPart Of(IReadOnlyList<string> path, JsonElement value) =>
        new(path, value, Convert.ToHexStringLower(SHA256.HashData(value.ToUtf8Bytes())));

    /// <summary>The same part, whose value outlives its document.</summary>
    internal SharedPart Detached() => new(Path, Value.Clone(), Hash);

    /// <summary>Whether both are the same part of the same content.</summary>
    public bool IsSame(SharedPart other) => ReferenceEquals(this, other) || (Hash == other.Hash && Path.SequenceEqual(other.Path));

    /// <summary>Whether a field is in this part.</summary>
    public bool Covers(IReadOnlyList<string> field) =>
        Path.Count > 0 && field.Count >= Path.Count && field.Take(Path.Count).SequenceEqual(Path);
}
