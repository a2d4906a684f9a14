using System.Collections;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Telemetry;

/// <summary>A log scope: every line within it carries the namespace and name of an object.</summary>
/// <param name="key">The object.</param>
/// <param name="reconcileId">The reconciliation; null outside of one.</param>
/// <param name="reasons">The reasons of the reconciliation; null outside of one.</param>
public sealed class ObjectScope(ObjectKey key, Guid? reconcileId = null, object? reasons = null) : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <inheritdoc/>
    public int Count => reconcileId is null ? 2 : reasons is null ? 3 : 4;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("namespace", key.Namespace),
        1 => new("name", key.Name),
        2 when reconcileId is not null => new("reconcileID", reconcileId.Value),
        3 when reasons is not null => new("reconcileReasons", reasons),
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
