using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Schema;
using ServiceProviderOcm.Sandbox.Serving;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Brings an object into the form in which it is stored: pruned, with defaults and metadata, and valid.</summary>
internal sealed class Preparation(ServedKind kind, WriteOptions options)
{
    /// <summary>The part of objects, and the subresource, that is written apart.</summary>
    public const string Status = "status";

    /// <summary>The subresource of namespaces that takes the finalizers out of their spec.</summary>
    public const string Finalize = "finalize";

    private static readonly string[] SystemMetadata =
    [
        "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "resourceVersion", "selfLink",
    ];

    /// <summary>Reads what a request carries: without what the kind's version does not have.</summary>
    /// <returns>It in the stored form.</returns>
    /// <exception cref="StatusException">It cannot be read.</exception>
    public JsonObject Read(JsonObject shown)
    {
        var unknown = Pruning.Prune(WithoutNulls(shown), kind.ShownSchema);
        if (options.Strict && unknown.Count > 0)
        {
            throw Refusals.BadRequest(
                $"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
        }

        // Of custom kinds, only the metadata is read into types.
        var typed = kind.IsCustom ? new JsonObject { ["metadata"] = shown["metadata"]?.DeepClone() } : shown;
        if (Typing.FirstMismatch(typed, kind.ShownSchema) is { } mismatch)
        {
            throw Refusals.BadRequest(
                $"{kind.Kind.Kind} in version \"{kind.Kind.Version}\" cannot be handled as a {kind.Kind.Kind}: {mismatch}");
        }

        return kind.Stored(shown);
    }

    /// <summary>What is to be stored.</summary>
    /// <param name="now">What the request wants, in the stored form.</param>
    /// <param name="before">What is there; null where there is nothing.</param>
    /// <exception cref="StatusException">It is not valid.</exception>
    public JsonObject Prepare(JsonObject now, JsonObject? before)
    {
        if (options.Subresource.Length > 0 && before is not null)
        {
            now = WithSubresource(now, before);
        }
        else if (kind.HasStatus)
        {
            Restore(now, before, Status);
        }

        Pruning.Prune(now, kind.Schema);
        var uid = now.Text("metadata", "uid");
        SetMetadata(now, before);
        Defaulting.SetDefaults(now, kind.Schema);
        var rules = options.Subresource == Finalize ? null : KindRules.Of(kind.Kind);
        rules?.Prepare(now, before);
        var errors = MetadataRules.Check(kind.Kind, now)
            .Concat(before is null ? [] : MetadataRules.CheckChange(before, now, uid))
            .Concat(Validation.Validate(now, kind.Schema))
            .ToList();
        errors.AddRange(errors.Count == 0 && rules is not null ? rules.Check(now, before) : []);
        if (errors.Count > 0)
        {
            throw Refusals.Invalid(kind.Kind, now.Text("metadata", "name") ?? "", errors);
        }

        Count(now, before);
        return now;
    }

    /// <summary>Drops nulls where they are the same as nothing: in metadata, and in all of the built-in kinds. In place.</summary>
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

    private JsonObject WithSubresource(JsonObject now, JsonObject before)
    {
        if (options.Subresource == ScaleView.Subresource)
        {
            return now;
        }

        var result = before.Copy();
        if (options.Subresource == Status)
        {
            Restore(result, now, Status);
        }
        else
        {
            result.Child("spec").Remove("finalizers");
            if (now.At("spec", "finalizers") is JsonArray { Count: > 0 } finalizers)
            {
                result.Child("spec")["finalizers"] = finalizers.DeepClone();
            }
        }

        return result;
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
            metadata["creationTimestamp"] = Timestamps.Of(options.Now);
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

    private void Count(JsonObject now, JsonObject? before)
    {
        if (!kind.CountsGenerations)
        {
            return;
        }

        var generation = before.Number("metadata", "generation") ?? 0;
        now["metadata"]!["generation"] = before is null || !Nodes.Same(Wish(now), Wish(before)) ? generation + 1 : generation;
    }

    private JsonObject Wish(JsonObject subject)
    {
        var wish = subject.Copy();
        wish.Remove("metadata");
        wish.Remove("apiVersion");
        if (kind.HasStatus)
        {
            wish.Remove(Status);
        }

        return wish;
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
