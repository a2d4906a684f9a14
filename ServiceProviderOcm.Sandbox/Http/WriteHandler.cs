using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Access;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Serving;
using ServiceProviderOcm.Sandbox.Storage;
using ServiceProviderOcm.Sandbox.Writes;

namespace ServiceProviderOcm.Sandbox.Http;

/// <summary>Answers everything that changes objects, and reviews.</summary>
internal sealed class WriteHandler(ObjectStore store, KindCatalog catalog, IReadOnlyList<SandboxUser> users, TimeProvider time)
{
    private readonly Aftermath _aftermath = new(catalog);

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
        var isNew = IsMissing(exchange, kind);
        await exchange.AnswerAsync(isNew ? 201 : 200, kind, Write(exchange, kind, now, writer => writer.Replace(body)), now);
    }

    /// <summary>Patches or applies an object or a subresource.</summary>
    public async Task PatchAsync(ApiExchange exchange, ServedKind kind)
    {
        if (exchange.IsApply && exchange.Query("fieldManager") is null)
        {
            throw Refusals.Invalid(
                "meta.k8s.io", "PatchOptions", "", [FieldError.Required("fieldManager", "is required for apply patch")]);
        }

        var patch = await exchange.ReadAsync() ?? throw Refusals.BadRequest("the patch is empty");
        var now = time.GetUtcNow();
        var isNew = IsMissing(exchange, kind);
        var stored = Write(exchange, kind, now, writer => writer.Patch(exchange.MediaType, patch));
        await exchange.AnswerAsync(isNew ? 201 : 200, kind, stored, now);
    }

    /// <summary>Deletes an object.</summary>
    public async Task DeleteAsync(ApiExchange exchange, ServedKind kind)
    {
        var options = await DeleteOptionsAsync(exchange);
        var now = time.GetUtcNow();
        var (subject, isGone) = Change(
            options.IsDryRun, now, transaction => new ObjectWriter(transaction, kind, exchange.WriteOptions(now)).Delete(options));
        await (isGone
            ? exchange.AnswerAsync(200, Success(kind, subject))
            : exchange.AnswerAsync(200, kind, subject, now));
    }

    /// <summary>Deletes all objects of a kind that are selected.</summary>
    public async Task DeleteCollectionAsync(ApiExchange exchange, ServedKind kind)
    {
        var options = await DeleteOptionsAsync(exchange);
        var now = time.GetUtcNow();
        var selection = ReadHandler.Selection(exchange, kind);
        var deleted = Change(options.IsDryRun, now, transaction => transaction.State.Of(kind.Resource)
            .Where(entry => selection.Matches(entry.Value))
            .Select(entry => Deletion.Delete(transaction, kind.Resource, entry.Value, options.PropagationPolicy, now).Subject)
            .ToList());
        await exchange.AnswerAsync(200, new JsonObject
        {
            ["kind"] = kind.ListKind,
            ["apiVersion"] = kind.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = $"{store.State.Version}" },
            ["items"] = new JsonArray([.. deleted.Select(item => kind.View(item))]),
        });
    }

    private bool IsMissing(ApiExchange exchange, ServedKind kind) =>
        store.State.Find(kind.Resource, new StoreKey(exchange.Request.Namespace, exchange.Request.Name)) is null;

    private static async Task<DeleteOptions> DeleteOptionsAsync(ApiExchange exchange) => DeleteOptions.Parse(
        await exchange.ReadAsync() as JsonObject ?? [], exchange.Query("propagationPolicy"), exchange.Query("dryRun"));

    private T Write<T>(ApiExchange exchange, ServedKind kind, DateTimeOffset now, Func<ObjectWriter, T> write) =>
        Change(IsDryRun(exchange), now, transaction => write(new ObjectWriter(transaction, kind, exchange.WriteOptions(now))));

    private static bool IsDryRun(ApiExchange exchange)
    {
        List<FieldError> errors = [];
        var isDryRun = DryRun.IsWanted(exchange.Query("dryRun") is { } value ? [value] : [], errors);
        return errors.Count == 0 ? isDryRun : throw Refusals.Invalid("meta.k8s.io", OptionsOf(exchange.Request.Verb), "", errors);
    }

    private static string OptionsOf(string verb) => verb switch
    {
        "create" => "CreateOptions",
        "update" => "UpdateOptions",
        _ => "PatchOptions",
    };

    private T Change<T>(bool isDryRun, DateTimeOffset now, Func<Transaction, T> change) => store.Change(
        transaction =>
        {
            var result = change(transaction);
            _aftermath.Settle(transaction, now);
            return result;
        },
        isDryRun);

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
