using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Sandbox.Errors;

/// <summary>One thing that is wrong with an object, in the words of the real server.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Field">Where, such as <c>spec.items[0].name</c>.</param>
/// <param name="Value">The bad value as JSON; null where it is not told.</param>
/// <param name="Detail">More about it; may be empty.</param>
internal sealed record FieldError(FieldErrorType Type, string Field, string? Value, string Detail)
{
    /// <summary>The reason in a status' causes.</summary>
    public string Reason => $"FieldValue{Type}";

    /// <summary>Everything but the field.</summary>
    public string Message
    {
        get
        {
            var what = Type switch
            {
                FieldErrorType.Required => "Required value",
                FieldErrorType.NotSupported => "Unsupported value",
                FieldErrorType.Forbidden => "Forbidden",
                FieldErrorType.NotFound => "Not found",
                FieldErrorType.Duplicate => "Duplicate value",
                FieldErrorType.TooLong => "Too long",
                FieldErrorType.TooMany => "Too many",
                _ => "Invalid value",
            };
            return string.Join(": ", ((string?[])[what, Value, Detail]).Where(part => !string.IsNullOrEmpty(part)));
        }
    }

    /// <summary>A value that is not acceptable.</summary>
    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(FieldErrorType.Invalid, field, value?.ToJsonString(Plain) ?? "null", detail);

    /// <summary>A value that is missing.</summary>
    public static FieldError Required(string field, string detail = "") => new(FieldErrorType.Required, field, null, detail);

    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";

    internal static readonly System.Text.Json.JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
