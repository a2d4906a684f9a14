using System.Text.Json.Nodes;

using ServiceProviderOcm.Sandbox.ApiServer.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Errors;

/// <summary>An error in a field of an object, with the texts of kube-apiserver.</summary>
/// <param name="Type">The type of the error.</param>
/// <param name="Field">The path, such as <c>spec.items[0].name</c>.</param>
/// <param name="Value">The bad value as JSON; null if the message does not contain it.</param>
/// <param name="Detail">Details; may be empty.</param>
internal sealed record FieldError(FieldErrorType Type, string Field, string? Value, string Detail)
{
    /// <summary>The reason in the causes of a <c>Status</c>.</summary>
    public string Reason => $"FieldValue{Type}";

    /// <summary>The message without the path.</summary>
    public string Message
    {
        get
        {
            var what = Type switch
            {
                FieldErrorType.Required => "Required value",
                FieldErrorType.NotSupported => "Unsupported value",
                FieldErrorType.Forbidden => "Forbidden",
                FieldErrorType.Duplicate => "Duplicate value",
                FieldErrorType.TooLong => "Too long",
                FieldErrorType.TooMany => "Too many",
                _ => "Invalid value",
            };
            return string.Join(": ", ((string?[])[what, Value, Detail]).Where(part => !string.IsNullOrEmpty(part)));
        }
    }

    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(FieldErrorType.Invalid, field, value?.ToJsonString(JsonText.Options) ?? "null", detail);

    /// <summary>A missing value.</summary>
    public static FieldError Required(string field, string detail = "") => new(FieldErrorType.Required, field, null, detail);

    public override string ToString() => $"{Field}: {Message}";
}
