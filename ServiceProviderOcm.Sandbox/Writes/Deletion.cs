using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.Json;
using ServiceProviderOcm.Sandbox.Storage;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>Removes objects, or marks those that wait for finalizers.</summary>
internal static class Deletion
{
    /// <summary>The policy that dependents go after their owner.</summary>
    public const string Background = nameof(Background);

    /// <summary>The policy that dependents go before their owner.</summary>
    public const string Foreground = nameof(Foreground);

    /// <summary>The policy that dependents stay.</summary>
    public const string Orphan = nameof(Orphan);

    /// <summary>Keeps an owner until its dependents are gone.</summary>
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Keeps an owner until its dependents have forgotten it.</summary>
    public const string OrphanFinalizer = "orphan";

    /// <summary>Deletes an object.</summary>
    /// <param name="transaction">Where.</param>
    /// <param name="resource">Where the object is stored.</param>
    /// <param name="stored">The object.</param>
    /// <param name="propagationPolicy">Such as <c>Foreground</c>; may be null.</param>
    /// <param name="now">When.</param>
    /// <returns>The object as it is now or was last, and whether it is gone.</returns>
    public static (JsonElement Subject, bool IsGone) Delete(
        Transaction transaction, string resource, JsonElement stored, string? propagationPolicy, DateTimeOffset now)
    {
        var subject = stored.ToObject();
        var metadata = subject.Child("metadata");
        var finalizers = Finalizers(subject, propagationPolicy);
        var isMarked = metadata.ContainsKey("deletionTimestamp");
        if (!Waits(subject, finalizers))
        {
            return (transaction.Remove(resource, KeyOf(stored), subject), true);
        }

        if (isMarked && finalizers.SequenceEqual(subject.Texts("metadata", "finalizers")))
        {
            return (stored, false);
        }

        if (finalizers.Count > 0)
        {
            metadata["finalizers"] = new JsonArray([.. finalizers]);
        }

        if (!isMarked)
        {
            metadata["deletionTimestamp"] = Timestamps.Of(now);
            metadata["deletionGracePeriodSeconds"] = 0;
            if (metadata.Number("generation") is { } generation)
            {
                metadata["generation"] = generation + 1;
            }

            if (resource == Kinds.Namespace.Plural)
            {
                subject.Child("status")["phase"] = "Terminating";
                metadata.Remove("deletionGracePeriodSeconds");
            }
        }

        return (transaction.Put(resource, KeyOf(stored), subject), false);
    }

    /// <summary>Whether an object that is being deleted has to wait.</summary>
    public static bool Waits(JsonObject subject) => Waits(subject, subject.Texts("metadata", "finalizers"));

    /// <summary>Where an object is stored.</summary>
    public static StoreKey KeyOf(JsonElement stored) =>
        new(stored.Text("metadata", "namespace") ?? "", stored.Text("metadata", "name") ?? "");

    private static bool Waits(JsonObject subject, IReadOnlyList<string> finalizers) => finalizers.Count > 0
        || (subject.Text("kind") == Kinds.Namespace.Kind && subject.Text("apiVersion") == "v1" && subject.Texts("spec", "finalizers").Count > 0);

    private static IReadOnlyList<string> Finalizers(JsonObject subject, string? propagationPolicy)
    {
        var others = subject.Texts("metadata", "finalizers");
        return propagationPolicy switch
        {
            Foreground => [.. others.Except([OrphanFinalizer, ForegroundFinalizer]), ForegroundFinalizer],
            Orphan => [.. others.Except([OrphanFinalizer, ForegroundFinalizer]), OrphanFinalizer],
            Background => [.. others.Except([OrphanFinalizer, ForegroundFinalizer])],
            _ => others,
        };
    }
}
