using ServiceProviderOcm.Core.Setup.Onboarding;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>A permission that the controller does not work without.</summary>
/// <param name="Rule">What, as RBAC rules have it.</param>
/// <param name="Namespace">Where; null for the whole cluster.</param>
/// <param name="Name">For which object; null for all.</param>
public sealed record NeededPermission(AccessRule Rule, string? Namespace = null, string? Name = null)
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
