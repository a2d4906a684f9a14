using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Json;

/// <summary>The format of JSON text.</summary>
internal static class JsonText
{
    /// <summary>Escapes only what JSON requires, like Go.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
