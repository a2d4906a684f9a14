using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServiceProviderOcm.Sandbox.ApiServer.Json;

/// <summary>How JSON is written.</summary>
internal static class JsonText
{
    /// <summary>Without escapes where JSON needs none, as Go writes it.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
