using System.Net.Http.Headers;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>A bearer token in a file that another process renews. While the file cannot be read, the last token stays in use.</summary>
internal sealed class TokenFile(string path, string? initialToken, TimeProvider timeProvider) : IRotatingCredential
{
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(10);

    private volatile CachedToken? _cached;

    public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var cached = _cached;
        if (cached is not { ReadAt: { } readAt } || timeProvider.GetElapsedTime(readAt) >= ReadInterval)
        {
            cached = Read(cached?.Token ?? initialToken);
            _cached = cached;
        }

        return Task.FromResult(new AuthenticationHeaderValue("Bearer", cached.Token));
    }

    public void InvalidateRejected(string? token)
    {
        if (_cached is { } cached && cached.Token == token)
        {
            _cached = cached with { ReadAt = null };
        }
    }

    private CachedToken Read(string? lastToken)
    {
        string? token = null;
        try
        {
            token = ConfigFile.Read(path).Trim();
        }
        catch (KubeconfigException) when (lastToken is not null)
        {
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }

        var usable = token is not null && BearerToken.IsValid(token) ? token : lastToken;
        return usable is not null
            ? new CachedToken(usable, timeProvider.GetTimestamp())
            : throw new KubeconfigException($"{path}: holds no readable token; check that it exists and its permissions");
    }

    private sealed record CachedToken(string Token, long? ReadAt);
}
