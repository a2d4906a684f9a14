using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Core.Tools.Describe;

/// <summary>The last change of an object, as the API server records it.</summary>
/// <param name="Manager">The field manager, such as <c>helm-controller</c>.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>.</param>
/// <param name="Subresource">What was written, such as <c>status</c>; empty for the object itself.</param>
/// <param name="Time">When.</param>
public sealed record ChainChange(string Manager, string Operation, string Subresource, DateTimeOffset Time)
{
    /// <summary>The last change of an object; null if it is not known.</summary>
    /// <param name="found">The object, read with <see cref="Kubernetes.Client.KubernetesApiOptions.KeepsChanges"/>.</param>
    /// <param name="secrets">The values that must not be shown.</param>
    internal static ChainChange? LastOf(KubeObject found, SecretValues secrets)
    {
        var last = found.Json.Items("metadata", "managedFields")
            .Select(entry => (Entry: entry, Time: entry.Moment("time")))
            .Where(each => each.Time is not null)
            .OrderByDescending(each => each.Time)
            .FirstOrDefault();
        return last.Time is not { } time ? null : new ChainChange(
            ForeignText.Quote(last.Entry.Text("manager"), secrets),
            ForeignText.Quote(last.Entry.Text("operation"), secrets),
            ForeignText.Quote(last.Entry.Text("subresource"), secrets),
            time);
    }
}
