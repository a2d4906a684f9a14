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

    private const char ByteOrderMark = '\ufeff';

    private static readonly YamlRules Rules = new() { AllowsDuplicates = true, MaxDepth = 32, MaxValues = 100_000 };

    public static ConfigNode Parse(string text, ConfigOrigin origin)
    {
        if (text.Length > MaxLength || Encoding.UTF8.GetByteCount(text) > MaxLength)
        {
            throw TooLarge(origin.Name);
        }

        try
        {
            var root = new ConfigNode(origin, "", YamlReader.ReadFirst(text.TrimStart(ByteOrderMark), Rules));
            KubeconfigSchema.Check(root);
            return root;
        }
        catch (YamlLimitException exception)
        {
            throw Invalid(origin, exception.Message);
        }
        catch (YamlException exception)
        {
            throw Invalid(origin, $"malformed YAML at line {exception.Start.Line}, column {exception.Start.Column}");
        }
    }

    /// <summary>The error of a kubeconfig that exceeds <see cref="MaxLength"/>.</summary>
    public static KubeconfigException TooLarge(string name) => new(string.Create(
        CultureInfo.InvariantCulture, $"{name}: is larger than a kubeconfig can be ({MaxLength} bytes)"));

    private static KubeconfigException Invalid(ConfigOrigin origin, string error) =>
        new($"{origin.Name}: is not a valid kubeconfig: {error}");
}
