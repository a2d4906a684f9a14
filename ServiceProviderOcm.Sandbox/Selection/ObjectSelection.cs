using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Sandbox.Selection;

/// <summary>Which objects of a kind a list or watch is about.</summary>
/// <param name="Namespace">Empty for all.</param>
/// <param name="Labels">By labels.</param>
/// <param name="Fields">By fields.</param>
internal sealed record ObjectSelection(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>Whether an object is selected; null, an object that is not there, never is.</summary>
    public bool Matches(JsonElement? subject) => subject is { } there
        && (Namespace.Length == 0 || there.Text("metadata", "namespace") == Namespace)
        && Labels.Matches(there.TextMap("metadata", "labels"))
        && Fields.Matches(there);
}
