using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;
using ServiceProviderOcm.Sandbox.ApiServer.Writes;

namespace ServiceProviderOcm.Sandbox.ApiServer.Http;

/// <summary>Answers <c>create</c>, <c>update</c>, <c>patch</c> and <c>delete</c>.</summary>
internal sealed class WriteHandler(ObjectStore store, KindCatalog catalog, IReadOnlyList<SandboxUser> users, TimeProvider time)
{
    private readonly BuiltInControllers _controllers = new(catalog);

    /// <summary>Creates an object, or answers a review.</summary>
    public async Task CreateAsync(ApiExchange exchange, ServedKind kind)
    {
        var body = await exchange.ReadObjectAsync();
        if (kind.IsReview)
        {
            await exchange.AnswerAsync(201, Reviews.Answer(kind.Kind.Kind, body, exchange.User, users, store.State));
            return;
        }

        var now = time.GetUtcNow();
        await exchange.AnswerAsync(201, kind, Write(exchange, kind, now, writer => writer.Create(body)), now);
    }

    /// <summary>Replaces an object or a subresource.</summary>
    public async Task ReplaceAsync(ApiExchange exchange, ServedKind kind)
    {
        var body = await exchange.ReadObjectAsync();
        var now = time.GetUtcNow();
        await exchange.AnswerAsync(200, kind, Write(exchange, kind, now, writer => writer.Replace(body)), now);
    }

    /// <summary>Patches or applies an object or a subresource.</summary>
    public async Task PatchAsync(ApiExchange exchange, ServedKind kind)
    {
        if (exchange.IsApply && exchange.Query("fieldManager") is null)
        {
            throw StatusErrors.Invalid(
                "meta.k8s.io", "PatchOptions", "", [FieldError.Required("fieldManager", "is required for apply patch")]);
        }

        var patch = await exchange.ReadAsync() ?? throw StatusErrors.BadRequest("the patch is empty");
        var now = time.GetUtcNow();
        var isNew = IsMissing(exchange, kind);
        var stored = Write(exchange, kind, now, writer => writer.Patch(exchange.MediaType, patch));
        await exchange.AnswerAsync(isNew ? 201 : 200, kind, stored, now);
    }

    /// <summary>Deletes an object.</summary>
    public async Task DeleteAsync(ApiExchange exchange, ServedKind kind)
    {
        var options = DeleteOptions.Parse(await exchange.ReadAsync() as JsonObject);
        var now = time.GetUtcNow();
        var (subject, isGone) = Write(exchange, kind, now, writer => writer.Delete(options));
        await (isGone
            ? exchange.AnswerAsync(200, Success(kind, subject))
            : exchange.AnswerAsync(200, kind, subject, now));
    }

    private bool IsMissing(ApiExchange exchange, ServedKind kind) =>
        store.State.Find(kind.Resource, new StoreKey(exchange.Request.Namespace, exchange.Request.Name)) is null;

    private T Write<T>(ApiExchange exchange, ServedKind kind, DateTimeOffset now, Func<ObjectWriter, T> write)
    {
        if (exchange.Query("dryRun") is not null)
        {
            throw StatusErrors.BadRequest("dryRun is not supported");
        }

        return store.Change(transaction =>
        {
            var result = write(new ObjectWriter(transaction, kind, exchange.WriteOptions(now)));
            _controllers.Reconcile(transaction, now);
            return result;
        });
    }

    private static JsonObject Success(ServedKind kind, JsonElement subject)
    {
        var details = new JsonObject
        {
            ["name"] = subject.Text("metadata", "name"),
            ["kind"] = kind.Kind.Plural,
            ["uid"] = subject.Text("metadata", "uid"),
        };
        if (kind.Kind.Group.Length > 0)
        {
            details["group"] = kind.Kind.Group;
        }

        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
