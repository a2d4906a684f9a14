using System.Text.Json.Nodes;
using ServiceProviderOcm.Sandbox.Errors;
using ServiceProviderOcm.Sandbox.Json;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>How something is to be deleted.</summary>
/// <param name="PropagationPolicy">What becomes of dependents; null: what the object's finalizers say.</param>
/// <param name="Uid">The uid that the object must have; null: any.</param>
/// <param name="ResourceVersion">The version that the object must be of; null: any.</param>
/// <param name="IsDryRun">Whether it only is a trial.</param>
internal sealed record DeleteOptions(string? PropagationPolicy, string? Uid, string? ResourceVersion, bool IsDryRun)
{
    private static readonly string[] Policies = [Deletion.Foreground, Deletion.Background, Deletion.Orphan];

    /// <summary>Reads the body of a request, which can be empty, and what its query says in place of the body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="policy">The query's propagation policy.</param>
    /// <param name="dryRun">The query's dry run.</param>
    /// <exception cref="StatusException">An option is unknown, or contradicts another.</exception>
    public static DeleteOptions Parse(JsonObject body, string? policy, string? dryRun)
    {
        List<FieldError> errors = [];
        var wanted = body.Text("propagationPolicy") ?? policy;
        if (wanted is not null && !Policies.Contains(wanted))
        {
            errors.Add(new FieldError(
                FieldErrorType.NotSupported,
                "propagationPolicy",
                $"\"{wanted}\"",
                "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        }

        if (wanted is not null && body["orphanDependents"] is not null)
        {
            errors.Add(FieldError.Invalid("propagationPolicy", wanted, "orphanDependents and deletionPropagation cannot be both set"));
        }

        var isDryRun = DryRun.IsWanted([.. body.Texts("dryRun"), .. dryRun is null ? [] : new[] { dryRun }], errors);
        if (errors.Count > 0)
        {
            throw Refusals.Invalid("meta.k8s.io", nameof(DeleteOptions), "", errors);
        }

        return new DeleteOptions(
            wanted ?? (body.IsTrue("orphanDependents") ? Deletion.Orphan : null),
            body.Text("preconditions", "uid"),
            body.Text("preconditions", "resourceVersion"),
            isDryRun);
    }
}
