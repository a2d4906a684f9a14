using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.ApiServer.Selection;

/// <summary>The selection of a list or watch.</summary>
/// <param name="Namespace">Empty for all.</param>
/// <param name="Labels">The label selector.</param>
/// <param name="Fields">The field selector.</param>
internal sealed record ObjectSelection(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Whether an object is selected; null never is.</summary>
    public bool Matches(JsonElement? subject) => subject is { } there
        && (Namespace.Length == 0 || there.Text("metadata", "namespace") == Namespace)
        && Labels.Matches(there.TextMap("metadata", "labels"))
        && Fields.Matches(there);
}
