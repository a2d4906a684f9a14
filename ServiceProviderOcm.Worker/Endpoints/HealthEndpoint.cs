using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Answers <c>/healthz</c> and <c>/readyz</c>, and one check alone below them, in the form in which kube-apiserver does.
/// </summary>
internal sealed class HealthEndpoint(HealthChecks checks)
{
    // Not ready until the controller has added its checks.
    private static readonly HealthCheck NotStarted = new(Probe.Readiness, "start", () => "not started yet");

    public async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var response = context.Response;
        if (!TryFind(request.Path, out var name, out var found))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        var results = found.Select(check => (check.Name, Error: check.Error())).ToList();
        var isWell = results.TrueForAll(result => result.Error is null);
        var isVerbose = request.Query.ContainsKey("verbose");
        response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(isWell && !isVerbose ? "ok" : List(name, results, isWell), context.RequestAborted);
    }

    private bool TryFind(PathString path, out string name, out IReadOnlyList<HealthCheck> found)
    {
        (name, var all, var rest) =
            path.StartsWithSegments("/healthz", out var below) ? ("healthz", checks.Of(Probe.Liveness), below)
            : path.StartsWithSegments("/readyz", out below) ? ("readyz", Ready(), below)
            : ("", [], path);
        var one = rest.Value is { Length: > 1 } value ? value[1..] : null;
        found = one is null ? all : [.. all.Where(check => check.Name == one)];
        return name.Length > 0 && (one is null || found.Count > 0);
    }

    private IReadOnlyList<HealthCheck> Ready() => checks.Of(Probe.Readiness) is { Count: > 0 } ready ? ready : [NotStarted];

    private static string List(string name, IEnumerable<(string Name, string? Error)> results, bool isWell)
    {
        var text = new StringBuilder();
        foreach (var (check, error) in results)
        {
            text.Append(error is null ? $"[+]{check} ok\n" : $"[-]{check}: {error}\n");
        }

        return text.Append(name).Append(isWell ? " check passed\n" : " check failed\n").ToString();
    }
}
