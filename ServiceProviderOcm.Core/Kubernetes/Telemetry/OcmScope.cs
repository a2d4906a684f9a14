using System.Collections;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>A scope of the log: every line within it bears the OCM that it is about.</summary>
/// <param name="ocm">The OCM.</param>
/// <param name="reconcileId">The look at the OCM; null outside of one.</param>
public sealed class OcmScope(ObjectKey ocm, Guid? reconcileId = null) : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <inheritdoc/>
    public int Count => reconcileId is null ? 2 : 3;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("namespace", ocm.Namespace),
        1 => new("name", ocm.Name),
        2 when reconcileId is not null => new("reconcileID", reconcileId.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', this.Select(entry => $"{entry.Key}={entry.Value}"));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
