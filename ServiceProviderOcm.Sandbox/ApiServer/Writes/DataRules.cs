using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>The rules that Secrets and ConfigMaps share: keys, values in base64, and <c>immutable</c>.</summary>
internal static class DataRules
{
    public static IEnumerable<FieldError> CheckChange(JsonObject now, JsonObject? before)
    {
        if (!before.IsTrue("immutable"))
        {
            yield break;
        }

        const string Rule = "field is immutable when `immutable` is set";
        if (!now.IsTrue("immutable"))
        {
            yield return new FieldError(FieldErrorType.Forbidden, "immutable", null, Rule);
        }

        foreach (var field in (string[])["data", "binaryData"])
        {
            if (!Nodes.Same(now[field], before![field]))
            {
                yield return new FieldError(FieldErrorType.Forbidden, field, null, Rule);
            }
        }
    }

    /// <summary>The errors in the keys of a map.</summary>
    public static IEnumerable<FieldError> CheckKeys(JsonObject now, string field) => (now[field] as JsonObject ?? [])
        .Select(entry => entry.Key)
        .Where(key => key.Length is 0 or > 253 || key is "." or ".."
            || !key.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.'))
        .Select(key => FieldError.Invalid(
            $"{field}[{key}]",
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
                + "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));

    /// <summary>Requires that all values are in base64, as the decoder of kube-apiserver does.</summary>
    /// <exception cref="StatusException">A value is not in base64.</exception>
    public static void RequireBase64(JsonObject now, string field)
    {
        foreach (var (_, value) in now[field] as JsonObject ?? [])
        {
            if (value.Text() is { } text && !System.Buffers.Text.Base64.IsValid(text))
            {
                var kind = now.Text("kind");
                throw StatusErrors.BadRequest(
                    $"{kind} in version \"v1\" cannot be handled as a {kind}: illegal base64 data in {field}");
            }
        }
    }
}
