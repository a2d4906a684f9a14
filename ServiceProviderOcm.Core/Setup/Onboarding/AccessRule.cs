namespace ServiceProviderOcm.Core.Setup.Onboarding;

/// <summary>A permission, as RBAC rules have it.</summary>
/// <param name="ApiGroup">The API group.</param>
/// <param name="Resources">Plurals, also of subresources.</param>
/// <param name="Verbs">Such as <c>get</c>.</param>
public sealed record AccessRule(string ApiGroup, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);
