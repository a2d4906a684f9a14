using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Schema;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>Prepares an object for storage: pruning, defaults, metadata, validation, generation.</summary>
internal sealed class WriteStrategy(ServedKind kind, WriteOptions options)
{
    /// <summary>The subresource, and the field that only it can write.</summary>
    public const string Status = "status";

    private static readonly string[] SystemMetadata =
    [
        "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "selfLink",
    ];

    /// <summary>Decodes the body of a request: removes unknown fields and checks types.</summary>
    /// <returns>The object in its stored form.</returns>
    /// <exception cref="StatusException">It cannot be decoded.</exception>
    public JsonObject Read(JsonObject shown)
    {
        var unknown = Pruning.Prune(WithoutNulls(shown), kind.ShownSchema);
        if (options.Strict && unknown.Count > 0)
        {
            throw StatusErrors.BadRequest(
                $"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
        }

        // Only the metadata of custom objects is decoded into types.
        var typed = kind.IsCustom ? new JsonObject { ["metadata"] = shown["metadata"]?.DeepClone() } : shown;
        if (Typing.FirstMismatch(typed, kind.ShownSchema) is { } mismatch)
        {
            throw StatusErrors.BadRequest(
                $"{kind.Kind.Kind} in version \"{kind.Kind.Version}\" cannot be handled as a {kind.Kind.Kind}: {mismatch}");
        }

        return kind.Stored(shown);
    }

    /// <summary>Prepares an object for storage.</summary>
    /// <param name="now">The requested object, in its stored form.</param>
    /// <param name="before">The stored object; null if it is created.</param>
    /// <exception cref="StatusException">It is not valid.</exception>
    public JsonObject Prepare(JsonObject now, JsonObject? before)
    {
        if (options.Subresource.Length > 0 && before is not null)
        {
            var result = before.Copy();
            Restore(result, now, Status);
            now = result;
        }
        else if (kind.HasStatus)
        {
            Restore(now, before, Status);
        }

        Pruning.Prune(now, kind.Schema);
        var uid = now.Text("metadata", "uid");
        SetMetadata(now, before);
        Defaulting.SetDefaults(now, kind.Schema);
        var rules = KindRules.Of(kind.Kind);
        rules?.Prepare(now, before);
        var errors = MetadataRules.Check(kind.Kind, now)
            .Concat(before is null ? [] : MetadataRules.CheckChange(before, now, uid))
            .Concat(Validation.Validate(now, kind.Schema))
            .ToList();
        errors.AddRange(errors.Count == 0 && rules is not null ? rules.Validate(now, before) : []);
        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(kind.Kind, now.Text("metadata", "name") ?? "", errors);
        }

        SetGeneration(now, before);
        return now;
    }

    /// <summary>Removes nulls from metadata, and from all fields of built-in kinds, in place.</summary>
    public JsonObject WithoutNulls(JsonObject subject)
    {
        if (kind.IsCustom)
        {
            subject["metadata"].DropNulls();
        }
        else
        {
            subject.DropNulls();
        }

        return subject;
    }

    private void SetMetadata(JsonObject now, JsonObject? before)
    {
        var metadata = now.Child("metadata");
        foreach (var field in SystemMetadata)
        {
            Restore(metadata, before?["metadata"] as JsonObject, field);
        }

        if (kind.Kind.IsNamespaced)
        {
            metadata["namespace"] = options.Namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (before is null)
        {
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = Timestamps.Time(options.Now);
            if (metadata.Text("name") is null or "" && metadata.Text("generateName") is { Length: > 0 } prefix)
            {
                metadata["name"] = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
            }
        }
        else
        {
            Restore(metadata, before["metadata"] as JsonObject, "name");
        }
    }

    private void SetGeneration(JsonObject now, JsonObject? before)
    {
        if (!kind.CountsGenerations)
        {
            return;
        }

        var generation = before.Number("metadata", "generation") ?? 0;
        var isChanged = before is null || !Nodes.Same(DesiredState(now), DesiredState(before));
        now["metadata"]!["generation"] = isChanged ? generation + 1 : generation;
    }

    private JsonObject DesiredState(JsonObject subject)
    {
        var desired = subject.Copy();
        desired.Remove("metadata");
        desired.Remove("apiVersion");
        if (kind.HasStatus)
        {
            desired.Remove(Status);
        }

        return desired;
    }

    private static void Restore(JsonObject into, JsonObject? from, string field)
    {
        if (from?[field] is { } value)
        {
            into[field] = value.DeepClone();
        }
        else
        {
            into.Remove(field);
        }
    }
}
