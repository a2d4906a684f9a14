using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>What holds for Secrets. <c>stringData</c> is only a way of writing <c>data</c>.</summary>
internal sealed class SecretRules : IKindRules
{
    private static readonly Dictionary<string, string[]> RequiredKeys = new()
    {
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
    };

    /// <inheritdoc/>
    public void Prepare(JsonObject now, JsonObject? before)
    {
        now["type"] ??= "Opaque";
        if (now["stringData"] is JsonObject texts)
        {
            now.Remove("stringData");
            foreach (var (key, value) in texts)
            {
                now.Child("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
            }
        }

        ImmutableData.RequireBase64(now, "data");
    }

    /// <inheritdoc/>
    public IEnumerable<FieldError> Check(JsonObject now, JsonObject? before)
    {
        var type = now.Text("type")!;
        foreach (var error in ImmutableData.CheckKeys(now, "data").Concat(ImmutableData.CheckChange(now, before)))
        {
            yield return error;
        }

        foreach (var key in RequiredKeys.GetValueOrDefault(type, []))
        {
            if (now.Text("data", key) is not { } value)
            {
                yield return FieldError.Required($"data[{key}]");
            }
            else if (key.StartsWith(".docker", StringComparison.Ordinal) && !IsJson(Convert.FromBase64String(value)))
            {
                yield return FieldError.Invalid($"data[{key}]", "<secret contents redacted>", "invalid JSON");
            }
        }

        if (before is not null && before.Text("type") != type)
        {
            yield return FieldError.Invalid("type", type, "field is immutable");
        }
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            _ = JsonReading.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
