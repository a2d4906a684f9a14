using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

/// <summary>A request fails; carries the <c>Status</c> to answer with.</summary>
internal sealed class StatusException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    /// <summary>The HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary>The machine-readable reason; may be empty.</summary>
    public string Reason { get; } = reason;

    /// <summary>When the client should retry.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body of the answer.</summary>
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

        var body = details?.DeepClone() as JsonObject;
        if (RetryAfter is { } pause)
        {
            body ??= [];
            body["retryAfterSeconds"] = (int)Math.Ceiling(pause.TotalSeconds);
        }

        if (body is { Count: > 0 })
        {
            status["details"] = body;
        }

        status["code"] = Code;
        return status;
    }
}
