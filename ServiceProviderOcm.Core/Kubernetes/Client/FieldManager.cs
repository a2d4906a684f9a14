namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>The name under which our writes are recorded in an object's <c>managedFields</c>.</summary>
public static class FieldManager
{
    /// <summary>The one field manager of this controller.</summary>
    public const string Name = "service-provider-ocm";
}
