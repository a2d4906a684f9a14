using System.Globalization;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Reads kubeconfigs as client-go does: the first document of the text, scalars of YAML 1.1, and types as the API has them. Size, depth
/// and number of values are limited, and errors do not quote the content.
/// </summary>
internal static class KubeconfigText
{
    /// <summary>The maximum size, in bytes.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The maximum size in a Secret, in bytes: there may be any number of them, and a real one has less than 20 KiB.</summary>
    public const int MaxLengthInSecret = 128 * 1024;

    private const string Bytes = "kubeconfig_bytes";
    private const string Values = "kubeconfig_values";

    private const char ByteOrderMark = '\ufeff';

    private static readonly YamlRules Rules = new() { AllowsDuplicates = true, MaxDepth = 32, MaxValues = 100_000 };

    public static ConfigNode Parse(string text, ConfigOrigin origin, int maxLength = MaxLength)
    {
        if (Encoding.UTF8.GetByteCount(text) is var length && length > maxLength)
        {
            throw TooLarge(origin.Name, length, maxLength);
        }

        try
        {
            var root = new ConfigNode(origin, "", YamlReader.ReadFirst(text.TrimStart(ByteOrderMark), Rules));
            KubeconfigSchema.Check(root);
            return root;
        }
        catch (YamlLimitException exception)
        {
            throw Invalid(origin, $"{exception.Message} (limit {Values})", Values);
        }
        catch (YamlException exception)
        {
            throw Invalid(origin, $"malformed YAML at line {exception.Start.Line}, column {exception.Start.Column}");
        }
    }

    /// <summary>The error of a kubeconfig that is too large.</summary>
    public static KubeconfigException TooLarge(string name, long length, int maxLength) => new(string.Create(
        CultureInfo.InvariantCulture, $"{name}: has {length} bytes, and the limit of a kubeconfig is {maxLength} (limit {Bytes})"))
    {
        Limit = Bytes,
    };

    private static KubeconfigException Invalid(ConfigOrigin origin, string error, string? limit = null) =>
        new($"{origin.Name}: is not a valid kubeconfig: {error}") { Limit = limit };
}
