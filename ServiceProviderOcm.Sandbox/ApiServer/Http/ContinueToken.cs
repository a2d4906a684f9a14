using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>The <c>continue</c> token of a list.</summary>
/// <param name="Version">The resource version of all pages.</param>
/// <param name="Namespace">Namespace of the last object of the page before.</param>
/// <param name="Name">Name of the last object of the page before.</param>
internal sealed record ContinueToken(long Version, string Namespace, string Name)
{
    /// <summary>The key of the last object of the page before.</summary>
    public StoreKey After() => new(Namespace, Name);

    /// <summary>Encodes the token.</summary>
    public string Write() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Decodes a token.</summary>
    /// <exception cref="StatusException">The token is not valid.</exception>
    public static ContinueToken Read(string text)
    {
        try
        {
            var token = JsonReading.Parse(Convert.FromBase64String(text));
            return token.Number(nameof(Version)) is { } version && token.Text(nameof(Namespace)) is { } ns && token.Text(nameof(Name)) is { } name
                ? new ContinueToken(version, ns, name)
                : throw new FormatException("fields are missing");
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            throw StatusErrors.BadRequest("continue key is not valid");
        }
    }
}
