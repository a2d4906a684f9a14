using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>A difference that a change of the configuration makes, the same for several OCMs.</summary>
/// <param name="FromRevision">The revision that the first of them is at.</param>
/// <param name="Ocms">These OCMs; the text is that of the first one.</param>
/// <param name="Text">The difference of the objects, as <c>diff -u</c> writes it. It has nothing of the content of Secrets.</param>
public sealed record ConfigDifference(string FromRevision, IReadOnlyList<ObjectKey> Ocms, IReadOnlyList<string> Text);
