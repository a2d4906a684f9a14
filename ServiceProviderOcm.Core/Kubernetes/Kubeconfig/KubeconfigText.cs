using System.Globalization;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using YamlDotNet.Core;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Reads untrusted kubeconfigs: limited in size and depth, without aliases, and without their content in errors.</summary>
internal static class KubeconfigText
{
    private const int MaxLength = 1024 * 1024;

    private static readonly YamlRules Rules = new() { ReadPlain = ReadPlain, AllowsAliases = false, MaxDepth = 32, MaxValues = MaxLength };

    public static ConfigNode Parse(string text, ConfigOrigin origin)
    {
        if (text.Length > MaxLength)
        {
            throw new KubeconfigException($"{origin.Name}: is larger than a kubeconfig can be ({MaxLength} characters)");
        }

        try
        {
            var documents = YamlReader.Read(text, Rules, out _);
            return documents.Count > 1
                ? throw new KubeconfigException($"{origin.Name}: is not a valid kubeconfig: it has more than one document")
                : new ConfigNode(origin, "", documents.SingleOrDefault());
        }
        catch (YamlException exception)
        {
            throw Malformed(origin, exception.Start);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException)
        {
            throw Malformed(origin, Mark.Empty);
        }
    }

    private static KubeconfigException Malformed(ConfigOrigin origin, Mark at) =>
        new($"{origin.Name}: is not a valid kubeconfig: malformed YAML at line {at.Line}, column {at.Column}");

    // Credentials such as 0123 and 1_0 remain strings; only what reads back as it was written is a number.
    private static JsonNode? ReadPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text => number,
        _ => text,
    };
}
