using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

/// <summary>A request fails; carries the <c>Status</c> to answer with.</summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary>The machine-readable reason; empty where there is none.</summary>
    public string Reason { get; } = reason;

    /// <summary>How long the client should wait before it tries again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer's body.</summary>
    public JsonObject ToJson()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        var told = details?.DeepClone() as JsonObject;
        if (RetryAfter is { } pause)
        {
            told ??= [];
            told["retryAfterSeconds"] = (int)Math.Ceiling(pause.TotalSeconds);
        }

        if (told is { Count: > 0 })
        {
            status["details"] = told;
        }

        status["code"] = Code;
        return status;
    }
}
