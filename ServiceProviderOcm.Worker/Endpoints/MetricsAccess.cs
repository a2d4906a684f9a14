using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Has the platform cluster decide who may read the metrics: a TokenReview says whose the bearer token is, a
/// SubjectAccessReview whether they may <c>get</c> the URL <see cref="Path"/>. Decisions are remembered for a short while.
/// </summary>
internal sealed partial class MetricsAccess(Func<IKubernetesApi> platform, TimeProvider time, ILogger<MetricsAccess> logger)
{
    /// <summary>The URL that is authorized.</summary>
    public const string Path = "/metrics";

    private static readonly TimeSpan ReviewTimeout = TimeSpan.FromSeconds(8);

    private readonly AccessCache _cache = new(time);
    private int _isFailing;

    /// <summary>Rejects callers without permission.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var decision = await DecideAsync(context.Request.Headers.Authorization, context.RequestAborted);
        if (decision.IsAllowed)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = decision.StatusCode;
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (decision.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await context.Response.WriteAsync($"{decision.Message}\n", context.RequestAborted);
    }

    /// <summary>Decides by the header <c>Authorization</c>.</summary>
    public async Task<AccessDecision> DecideAsync(string? authorization, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            || string.IsNullOrEmpty(header.Parameter))
        {
            return AccessDecision.Unauthenticated;
        }

        if (_cache.TryGet(header.Parameter, out var known))
        {
            return known;
        }

        using var timeout = new CancellationTokenSource(ReviewTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var decision = await ReviewAsync(header.Parameter, stop.Token);
            _cache.Set(header.Parameter, decision, LifetimeOf(decision));
            Interlocked.Exchange(ref _isFailing, 0);
            return decision;
        }
        catch (Exception exception) when (exception is KubernetesApiException or KubeconfigException)
        {
            return Failed(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"no answer within {ReviewTimeout.TotalSeconds:0} s");
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
