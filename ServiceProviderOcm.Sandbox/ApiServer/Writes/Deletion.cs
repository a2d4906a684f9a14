using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

/// <summary>Removes objects, or sets the deletion timestamp of those that have finalizers.</summary>
internal static class Deletion
{
    /// <summary>Deletes an object.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="resource">The resource under which the object is stored.</param>
    /// <param name="stored">The object.</param>
    /// <param name="propagationPolicy">The propagation policy; may be null.</param>
    /// <param name="now">The time of the deletion.</param>
    /// <returns>The object as it is now or was last, and whether it is gone.</returns>
    public static (JsonElement Subject, bool IsGone) Delete(
        Transaction transaction, string resource, JsonElement stored, string? propagationPolicy, DateTimeOffset now)
    {
        var subject = stored.ToObject();
        if (PolicyFinalizer(propagationPolicy) is { } added)
        {
            var finalizers = subject.Texts("metadata", "finalizers").Append(added).Distinct();
            subject.Child("metadata")["finalizers"] = new JsonArray([.. finalizers]);
        }

        if (!HasFinalizers(subject))
        {
            return (transaction.Remove(resource, KeyOf(stored), subject), true);
        }

        var metadata = subject.Child("metadata");
        if (metadata.ContainsKey("deletionTimestamp"))
        {
            return (stored, false);
        }

        metadata["deletionTimestamp"] = Timestamps.Time(now);
        if (metadata.Number("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }

        if (resource == CoreKinds.Namespace.Plural)
        {
            subject.Child("status")["phase"] = "Terminating";
        }
        else
        {
            metadata["deletionGracePeriodSeconds"] = 0;
        }

        return (transaction.Put(resource, KeyOf(stored), subject), false);
    }

    /// <summary>Whether finalizers keep an object that is being deleted; those of a Namespace are also in its spec.</summary>
    public static bool HasFinalizers(JsonObject subject) =>
        subject.Texts("metadata", "finalizers").Count > 0
        || (subject.Text("kind") == CoreKinds.Namespace.Kind
            && subject.Text("apiVersion") == CoreKinds.Namespace.ApiVersion
            && subject.Texts("spec", "finalizers").Count > 0);

    /// <summary>The key under which an object is stored.</summary>
    public static StoreKey KeyOf(JsonElement stored) =>
        new(stored.Text("metadata", "namespace") ?? "", stored.Text("metadata", "name") ?? "");

    private static string? PolicyFinalizer(string? propagationPolicy) => propagationPolicy switch
    {
        "Foreground" => "foregroundDeletion",
        "Orphan" => "orphan",
        _ => null,
    };
}
