using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>A permission that the controller requires.</summary>
/// <param name="Rule">The rule, as in RBAC.</param>
/// <param name="Namespace">The namespace; null for the whole cluster.</param>
/// <param name="Name">The object; null for all.</param>
public sealed record RequiredPermission(AccessRule Rule, string? Namespace = null, string? Name = null)
{
    /// <summary>The resources, with what they are restricted to, as messages name them.</summary>
    public string Subject
    {
        get
        {
            var resources = string.Join(", ", Rule.Resources);
            var group = Rule.ApiGroup.Length == 0 ? "" : $".{Rule.ApiGroup}";
            return $"{resources}{group}{(Name is null ? "" : $" \"{Name}\"")}{(Namespace is null ? "" : $" in {Namespace}")}";
        }
    }
}
