using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Discovery;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Faults;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;
using ServiceProviderOcm.Sandbox.ApiServer.Writes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>Handles every request: authentication, authorization, dispatch.</summary>
internal sealed class ApiHandler(
    ObjectStore store,
    KindCatalog catalog,
    IReadOnlyList<SandboxUser> users,
    ServerFaults faults,
    RequestLog log,
    ReadHandler reads,
    WatchHandler watches,
    WriteHandler writes,
    TimeProvider time)
{
    private static readonly SandboxUser Anonymous = new("system:anonymous", "", []);

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Cancelled when the server stops.</param>
    public async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        var received = time.GetUtcNow();
        var isWatch = context.Request.Query["watch"].ToString() is "true" or "1";
        var request = RequestAttributes.Parse(
            context.Request.Method, context.Request.Path.Value ?? "/", isWatch, context.Request.Query["fieldSelector"]);
        var caller = Caller(context);
        var exchange = new ApiExchange(context, request, caller ?? Anonymous);
        if (request.Verb == "watch")
        {
            log.Add(new RequestRecord(request, exchange.User.Name, exchange.UserAgent, 0, received)
            {
                SendsInitialEvents = exchange.IsSet("sendInitialEvents"),
            });
        }

        try
        {
            await AnswerAsync(exchange, caller is not null, stopping);
        }
        catch (StatusException error)
        {
            await exchange.AnswerErrorAsync(error);
        }
        catch (OperationCanceledException) when (exchange.Aborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            exchange.Abort();
        }

        if (request.IsResource && request.Verb != "watch")
        {
            log.Add(new RequestRecord(request, exchange.User.Name, exchange.UserAgent, context.Response.StatusCode, received));
        }
    }

    private async Task AnswerAsync(ApiExchange exchange, bool isKnown, CancellationToken stopping)
    {
        var request = exchange.Request;
        if (request.Path is "/healthz" or "/readyz" or "/livez")
        {
            await exchange.Body.WriteAsync("ok"u8.ToArray(), exchange.Aborted);
            return;
        }

        if (!isKnown)
        {
            throw StatusErrors.Unauthorized();
        }

        var fault = faults.Decide(request, exchange.User.Name);
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, time, exchange.Aborted);
        }

        if (fault.Error is { } error)
        {
            throw error;
        }

        if (fault.DropsAnswer)
        {
            exchange.DropAnswer();
        }

        if (request.IsResource)
        {
            Authorize(exchange, request.Verb);
            if (exchange.IsApply && IsMissing(request))
            {
                Authorize(exchange, "create");
            }

            await AnswerResourceAsync(exchange, stopping);
        }
        else
        {
            var kinds = catalog.At(store.State);
            await exchange.AnswerAsync(
                200, DiscoveryDocuments.Find(request.Path, kinds) ?? OpenApi.Find(request.Path, kinds) ?? throw StatusErrors.NotServed());
        }

        if (fault.DropsAnswer)
        {
            exchange.Abort();
        }
    }

    private Task AnswerResourceAsync(ApiExchange exchange, CancellationToken stopping)
    {
        var request = exchange.Request;
        var kind = catalog.At(store.State).Find(request.Group, request.Version, request.Resource) ?? throw StatusErrors.NotServed();
        if (request.Verb is not ("list" or "watch") && kind.Kind.IsNamespaced != request.Namespace.Length > 0)
        {
            throw request.Verb == "create" ? StatusErrors.MethodNotAllowed() : StatusErrors.NotServed();
        }

        var isStatus = request.Subresource.Length > 0;
        if (isStatus && !(kind.HasStatus && request.Subresource == WriteStrategy.Status))
        {
            throw StatusErrors.NotServed();
        }

        return request.Verb switch
        {
            "create" when !isStatus && request.Name.Length == 0 => writes.CreateAsync(exchange, kind),
            _ when kind.IsReview => throw StatusErrors.MethodNotAllowed(),
            "get" => reads.GetAsync(exchange, kind),
            "list" => reads.ListAsync(exchange, kind),
            "watch" => watches.WatchAsync(exchange, kind, stopping),
            "update" when request.Name.Length > 0 => writes.ReplaceAsync(exchange, kind),
            "patch" when request.Name.Length > 0 => writes.PatchAsync(exchange, kind),
            "delete" when !isStatus && request.Name.Length > 0 => writes.DeleteAsync(exchange, kind),
            _ => throw StatusErrors.MethodNotAllowed(),
        };
    }

    private bool IsMissing(RequestAttributes request) =>
        catalog.At(store.State).Find(request.Group, request.Version, request.Resource) is { } kind
        && store.State.Find(kind.Resource, new StoreKey(request.Namespace, request.Name)) is null;

    private void Authorize(ApiExchange exchange, string verb)
    {
        var request = exchange.Request with { Verb = verb };

        // Every user may review their own access. For RBAC, a Namespace object is in the namespace of its name.
        var isSelfReview = request is { Verb: "create", Resource: "selfsubjectaccessreviews" };
        var inNamespace = request is { Group: "", Resource: "namespaces", Name.Length: > 0 }
            ? request with { Namespace = request.Name }
            : request;
        if (!isSelfReview && !Rbac.Allows(store.State, exchange.User.Name, Reviews.Groups(exchange.User), inNamespace))
        {
            var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
            var where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
            throw StatusErrors.Forbidden(
                request.Group,
                request.Resource,
                request.Name,
                $"User \"{exchange.User.Name}\" cannot {request.Verb} resource \"{resource}\" in API group \"{request.Group}\" {where}");
        }
    }

    // The listener accepts only certificates of its user authority.
    private SandboxUser? Caller(HttpContext context)
    {
        if (context.Connection.ClientCertificate is { } certificate)
        {
            var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            return users.FirstOrDefault(user => user.Name == name);
        }

        return AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            && header is { Scheme: "Bearer", Parameter: { } token }
            ? users.FirstOrDefault(user => user.Token == token)
            : null;
    }
}
