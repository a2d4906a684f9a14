using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Has the platform cluster decide who may read the metrics: a TokenReview says whose the bearer token is, a
/// SubjectAccessReview whether they may <c>get</c> the URL <see cref="Path"/>. Decisions are cached for a short while, and the number of
/// reviews is limited.
/// </summary>
internal sealed partial class MetricsAccess(Func<IKubernetesApi> platform, TimeProvider time, ILogger<MetricsAccess> logger)
{
    /// <summary>The URL that is authorized.</summary>
    public const string Path = "/metrics";

    private static readonly TimeSpan ReviewTimeout = TimeSpan.FromSeconds(8);

    /// <summary>The maximum length of a token, in characters.</summary>
    public const int LongestToken = 8 * 1024;

    // Of unknown tokens, at a time.
    private const int MaxConcurrentReviews = 20;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<AccessDecision>> _reviews = new(StringComparer.Ordinal);
    private readonly AccessCache _cache = new(time);
    private readonly ReviewLimits _limits = new(time);
    private int _isFailing;

    /// <summary>Rejects callers without permission.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var decision = await DecideAsync(
            context.Request.Headers.Authorization, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (decision.IsAllowed)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = decision.StatusCode;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        if (decision.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (decision.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync($"{decision.Message}\n", context.RequestAborted);
    }

    /// <summary>Decides by the header <c>Authorization</c>.</summary>
    /// <param name="authorization">The header.</param>
    /// <param name="client">The address of the client.</param>
    /// <param name="cancellationToken">Ends waiting. A review that has begun continues, for others with the same token.</param>
    public async Task<AccessDecision> DecideAsync(string? authorization, IPAddress? client, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } token
            || !IsToken(token))
        {
            return AccessDecision.Unauthenticated;
        }

        return _cache.TryGet(token, out var known) ? known
            : TryReview(token, client, out var review, out var wait) ? await review.WaitAsync(cancellationToken)
            : AccessDecision.TooMany(wait);
    }

    // RFC 6750. Anything else is no token of an API server.
    private static bool IsToken(string text)
    {
        var token = text.AsSpan().TrimEnd('=');
        return text.Length <= LongestToken && !token.IsEmpty && !token.ContainsAnyExcept(TokenCharacters);
    }

    // A token that is under review is not reviewed again. Scrapers whose decision is over do not compete with unknown tokens.
    private bool TryReview(string token, IPAddress? client, [NotNullWhen(true)] out Task<AccessDecision>? review, out TimeSpan wait)
    {
        var key = AccessCache.KeyOf(token);
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            if (_reviews.TryGetValue(key, out review))
            {
                return true;
            }

            if (!_cache.WasAllowed(token) && (IsBusy(out wait) || !_limits.TryTake(client, out wait)))
            {
                return false;
            }

            var timeout = new CancellationTokenSource(ReviewTimeout, time);
            review = Task.Run(() => ReviewAndCacheAsync(key, token, timeout));
            _reviews[key] = review;
            return true;
        }
    }

    private bool IsBusy(out TimeSpan wait)
    {
        wait = TimeSpan.FromSeconds(1);
        return _reviews.Count >= MaxConcurrentReviews;
    }

    private async Task<AccessDecision> ReviewAndCacheAsync(string key, string token, CancellationTokenSource timeout)
    {
        try
        {
            var decision = await ReviewAsync(token, timeout.Token);
            _cache.Set(token, decision, LifetimeOf(decision));
            Interlocked.Exchange(ref _isFailing, 0);
            return decision;
        }
        catch (Exception exception) when (exception is KubernetesApiException or KubeconfigException)
        {
            return Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return Failed($"no answer within {ReviewTimeout.TotalSeconds:0} s");
        }
        finally
        {
            timeout.Dispose();
            lock (_lock)
            {
                _reviews.Remove(key);
            }
        }
    }

    private static TimeSpan LifetimeOf(AccessDecision decision) => decision.StatusCode switch
    {
        StatusCodes.Status200OK => TimeSpan.FromMinutes(1),
        StatusCodes.Status403Forbidden => TimeSpan.FromSeconds(30),
        _ => TimeSpan.FromSeconds(10),
    };

    private static bool IsTrue(KubeObject review, string field) => review.Json.At("status", field) is { ValueKind: JsonValueKind.True };

    private async Task<AccessDecision> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var api = platform();
        var review = await CreateAsync(Kinds.TokenReview, new JsonObject { ["token"] = token });
        if (!IsTrue(review, "authenticated") || review.Json.At("status", "user") is not { } user)
        {
            return AccessDecision.Unauthenticated;
        }

        var access = await CreateAsync(Kinds.SubjectAccessReview, new JsonObject
        {
            ["user"] = user.Text("username"),
            ["uid"] = user.Text("uid"),
            ["groups"] = user.At("groups") is { } groups ? JsonArray.Create(groups) : null,
            ["extra"] = user.At("extra") is { } extra ? JsonObject.Create(extra) : null,
            ["nonResourceAttributes"] = new JsonObject { ["path"] = Path, ["verb"] = "get" },
        });
        return IsTrue(access, "allowed")
            ? AccessDecision.Allowed
            : AccessDecision.Forbidden(user.Text("username") ?? "", access.Json.Text("status", "reason"));

        Task<KubeObject> CreateAsync(ResourceKind kind, JsonObject spec) => api.CreateAsync(
            kind,
            KubeObject.From(new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["spec"] = spec }),
            cancellationToken);
    }

    // Logged once until it works again: scrapes are frequent.
    private AccessDecision Failed(string reason)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            LogFailed(reason);
        }

        return AccessDecision.Unavailable;
    }

    [LoggerMessage(LogLevel.Warning, "Access review for metrics failed on the platform cluster: {Reason}")]
    private partial void LogFailed(string reason);
}
