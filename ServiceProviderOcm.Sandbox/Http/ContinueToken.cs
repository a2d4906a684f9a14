using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>Where a list goes on.</summary>
/// <param name="Version">The version that all pages are of; -1: whatever is there now.</param>
/// <param name="Namespace">The last object before.</param>
/// <param name="Name">The last object before.</param>
internal sealed record ContinueToken(long Version, string Namespace, string Name)
{
    /// <summary>The last object before.</summary>
    public StoreKey After() => new(Namespace, Name);

    /// <summary>As the client keeps it.</summary>
    public string Write() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Reads what a client has kept.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public static ContinueToken Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ContinueToken>(Encoding.UTF8.GetString(Convert.FromBase64String(text)))!;
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            throw Refusals.BadRequest("continue key is not valid");
        }
    }
}
