namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>A limit on the memory that a field takes; an object with a larger one is not read.</summary>
/// <param name="Name">The limit's name, such as <c>SomeBytes</c>: in snake case in metrics, in kebab case the end of its flag.</param>
/// <param name="Field">The field in messages.</param>
/// <param name="Bytes">The limit.</param>
/// <param name="FlagPrefix">The beginning of its flag, such as <c>--max-</c>; null if it is no setting.</param>
public sealed record FieldLimit(string Name, string Field, int Bytes, string? FlagPrefix = null);
