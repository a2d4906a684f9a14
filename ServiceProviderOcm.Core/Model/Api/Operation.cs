using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Api;

/// <summary>The platform's operation annotation, by which people steer the controller.</summary>
public static class Operation
{
    /// <summary>The annotation's name.</summary>
    public const string Annotation = "openmcp.cloud/operation";

    /// <summary>The value by which an object is left alone altogether.</summary>
    public const string Ignore = "ignore";

    /// <summary>Leave the object alone altogether.</summary>
    public static bool IsIgnore(KubeObject owner) => Value(owner) == Ignore;

    /// <summary>Reconcile now, once, without shortcuts.</summary>
    public static bool IsReconcile(KubeObject owner) => Value(owner) == "reconcile";

    private static string? Value(KubeObject owner) => owner.Annotations.GetValueOrDefault(Annotation);
}
