using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

internal sealed class SecretRules : IKindRules
{
    private const string DockerConfigType = "kubernetes.io/dockerconfigjson";
    private const string DockerConfigKey = ".dockerconfigjson";

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

        DataRules.RequireBase64(now, "data");
    }

    public IEnumerable<FieldError> Validate(JsonObject now, JsonObject? before)
    {
        var type = now.Text("type")!;
        foreach (var error in DataRules.CheckKeys(now, "data").Concat(DataRules.CheckChange(now, before)))
        {
            yield return error;
        }

        if (type == DockerConfigType && now.Text("data", DockerConfigKey) is var config)
        {
            if (config is null)
            {
                yield return FieldError.Required($"data[{DockerConfigKey}]");
            }
            else if (!IsJson(Convert.FromBase64String(config)))
            {
                yield return FieldError.Invalid($"data[{DockerConfigKey}]", "<secret contents redacted>", "invalid JSON");
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
