using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer.Errors;
using ServiceProviderOcm.Sandbox.ApiServer.Json;
using ServiceProviderOcm.Sandbox.ApiServer.Serving;

namespace ServiceProviderOcm.Sandbox.ApiServer.Writes;

internal static class MetadataRules
{
    private static readonly Regex LabelValue = LinearRegex.Of(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z");
    private static readonly Regex QualifiedName = LinearRegex.Of(
        @"^([a-z0-9A-Z]([-a-z0-9A-Z.]*[a-z0-9A-Z])?/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]\z");

    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static IEnumerable<FieldError> Check(ResourceKind kind, JsonObject subject)
    {
        var metadata = subject["metadata"];
        if (metadata.Text("name") is not { Length: > 0 } name)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
            yield break;
        }

        var isLabel = kind == CoreKinds.Namespace;
        var maxLength = isLabel ? DnsNames.MaxLabelLength : DnsNames.MaxSubdomainLength;
        if (kind.Group == "rbac.authorization.k8s.io")
        {
            if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal))
            {
                yield return FieldError.Invalid("metadata.name", name, "may not be '.', '..' or contain '/' or '%'");
            }
        }
        else if (name.Length > maxLength)
        {
            yield return FieldError.Invalid("metadata.name", name, $"must be no more than {maxLength} characters");
        }
        else if (!(isLabel ? DnsNames.IsLabel(name) : DnsNames.IsSubdomain(name)))
        {
            yield return FieldError.Invalid("metadata.name", name, isLabel ? LabelRule : SubdomainRule);
        }

        foreach (var (key, value) in metadata.At("labels") as JsonObject ?? [])
        {
            if (!QualifiedName.IsMatch(key))
            {
                yield return FieldError.Invalid("metadata.labels", key, "name part or prefix part is not valid");
            }

            if (value.Text() is { } text && (text.Length > 63 || !LabelValue.IsMatch(text)))
            {
                yield return FieldError.Invalid(
                    "metadata.labels", text, text.Length > 63 ? "must be no more than 63 characters" : LabelValueRule);
            }
        }

        var annotations = (metadata.At("annotations") as JsonObject ?? []).Select(entry => entry.Key);
        foreach (var key in annotations.Where(key => !QualifiedName.IsMatch(key)))
        {
            yield return FieldError.Invalid("metadata.annotations", key, "name part or prefix part is not valid");
        }

        foreach (var finalizer in metadata.Texts("finalizers").Where(finalizer => !QualifiedName.IsMatch(finalizer)))
        {
            yield return FieldError.Invalid("metadata.finalizers", finalizer, "name part or prefix part is not valid");
        }
    }

    /// <summary>The errors in a change of the metadata.</summary>
    /// <param name="before">The object before.</param>
    /// <param name="now">The object after.</param>
    /// <param name="uid">The requested uid; null: none.</param>
    public static IEnumerable<FieldError> CheckChange(JsonObject before, JsonObject now, string? uid)
    {
        if (uid is { Length: > 0 } && uid != before.Text("metadata", "uid"))
        {
            yield return FieldError.Invalid("metadata.uid", uid, "field is immutable");
        }

        var added = now.Texts("metadata", "finalizers").Except(before.Texts("metadata", "finalizers")).ToList();
        if (before.Text("metadata", "deletionTimestamp") is not null && added.Count > 0)
        {
            yield return new FieldError(
                FieldErrorType.Forbidden,
                "metadata.finalizers",
                null,
                "no new finalizers can be added if the object is being deleted, found new finalizers "
                    + $"[]string{{{string.Join(", ", added.Select(finalizer => $"\"{finalizer}\""))}}}");
        }
    }
}
