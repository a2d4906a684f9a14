using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>An object that a server sent and that cannot be read, as far as it is known.</summary>
/// <param name="Key">Its key; the name is empty if it is not known.</param>
/// <param name="Uid">Its uid; empty if it is not known.</param>
/// <param name="ResourceVersion">Its resourceVersion; empty if it is not known.</param>
/// <param name="Error">Why it cannot be read. Never has the content of a field.</param>
public sealed record UnreadableObject(ObjectKey Key, string Uid, string ResourceVersion, string Error)
{
    /// <summary>About how much memory one takes, in bytes: texts of at most 253 characters, and a condition.</summary>
    internal const int Size = 2048;

    /// <summary>The maximum length of <see cref="ReadyCondition"/>, in bytes.</summary>
    internal const int LongestCondition = 1024;

    /// <summary><c>metadata.generation</c>; 0 if it is not known.</summary>
    internal long Generation { get; init; }

    /// <summary><c>metadata.deletionTimestamp</c>; empty if it is not being deleted.</summary>
    internal string DeletionTimestamp { get; init; } = "";

    /// <summary>Whether it is being deleted.</summary>
    internal bool IsBeingDeleted => DeletionTimestamp.Length > 0;

    /// <summary><c>status.observedGeneration</c>; 0 if it is not known.</summary>
    internal long ObservedGeneration { get; init; }

    /// <summary>The condition of type Ready; an undefined element if it is not known, or too long.</summary>
    internal JsonElement ReadyCondition { get; init; }

    /// <summary>The limit that it exceeds; null if it is not for a limit.</summary>
    internal LimitExcess? Excess { get; init; }

    /// <summary>The object's namespace and name as messages show them.</summary>
    public string Name => Key.Name.Length == 0 ? "of unknown name" : Key.Shown;
}
